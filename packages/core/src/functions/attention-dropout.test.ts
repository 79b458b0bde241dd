import { cast, mul, type Scalar, sum, type Tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { gradientsOf } from "../gradients/gradients.js";
import { training } from "../modules/mode.js";
import type { Named } from "../modules/module.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";

beforeAll(useTestBackend);

interface Case {
  readonly name: string;
  readonly key: number[];
  readonly options: { causal: boolean; dropout: number };
  /** q, k, v and a real mask. */
  readonly inputs: Named<Stored>;
  /** A bool mask. */
  readonly seen?: Stored;
  readonly output: Stored;
  readonly outputGradient: Stored;
  readonly gradients: Named<Stored>;
}

onEachEngine(() => {
  for (const expected of readOracle<Case>("attention-dropout")) {
    test(`as PyTorch with the same masks: ${expected.name}`, () => {
      const learned = Object.fromEntries(
        Object.entries(expected.inputs).map(([name, stored]) => [name, tidy(() => variable(restored(stored)))]),
      ) as Named<Variable>;
      tidy(() => {
        const { q, k, v, mask } = learned as Named<Tensor>;
        const seen = expected.seen && cast(restored(expected.seen), "bool");
        const attend = () => {
          const options = { ...expected.options, mask: mask ?? seen };
          return scaledDotProductAttention(q as never, k as never, v as never, options);
        };
        const loss = () => {
          const output = attend();
          expectClose(output, expected.output, "output");
          return sum(mul(output, restored(expected.outputGradient))) as Scalar;
        };
        const key = restored({ values: expected.key, shape: [4], dtype: "int32" });
        const { gradients } = training(() => gradientsOf(loss, learned), key as never);
        for (const [name, gradient] of Object.entries(gradients)) {
          expectClose(gradient, expected.gradients[name]!, `gradient of ${name}`);
        }
        const undropped = scaledDotProductAttention(q as never, k as never, v as never, {
          causal: expected.options.causal,
          mask: mask ?? seen,
        });
        expect([...attend().dataSync()]).toEqual([...undropped.dataSync()]); // in evaluation nothing is dropped
      });
      for (const tensor of Object.values(learned)) tensor.dispose();
    });
  }
});
