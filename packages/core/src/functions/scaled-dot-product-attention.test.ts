import {
  cast,
  mul,
  type Scalar,
  sum,
  type Tensor,
  tensor4d,
  tidy,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { gradientsOf } from "../gradients/gradients.js";
import type { Named } from "../modules/module.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";

beforeAll(useTestBackend);

interface Case {
  name: string;
  options: { causal: boolean; scale?: number };
  /** q, k, v and a real mask. */
  inputs: Named<Stored>;
  /** A bool mask. */
  seen?: Stored;
  output: Stored;
  outputGradient: Stored;
  gradients: Named<Stored>;
}

onEachEngine(() => {
  for (const expected of readOracle<Case>("scaled-dot-product-attention")) {
    test(`as PyTorch: ${expected.name}`, () => {
      const learned = Object.fromEntries(
        Object.entries(expected.inputs).map(([name, stored]) => [name, tidy(() => variable(restored(stored)))]),
      ) as Named<Variable>;
      tidy(() => {
        const { q, k, v, mask } = learned as Named<Tensor>;
        const seen = expected.seen && cast(restored(expected.seen), "bool");
        const loss = () => {
          const options = { ...expected.options, mask: mask ?? seen };
          const output = scaledDotProductAttention(q as never, k as never, v as never, options);
          expectClose(output, expected.output, "output");
          return sum(mul(output, restored(expected.outputGradient))) as Scalar;
        };
        const { gradients } = gradientsOf(loss, learned);
        for (const [name, gradient] of Object.entries(gradients)) {
          expectClose(gradient, expected.gradients[name]!, `gradient of ${name}`);
        }
      });
      for (const tensor of Object.values(learned)) tensor.dispose();
    });
  }
});

test("by hand: a query that prefers no key sees the mean of what it may see", () => {
  const q = tensor4d([0, 0], [1, 1, 2, 1]);
  const k = tensor4d([3, -1], [1, 1, 2, 1]);
  const v = tensor4d([2, 4], [1, 1, 2, 1]);
  expect(Array.from(scaledDotProductAttention(q, k, v).dataSync())).toEqual([3, 3]);
  expect(Array.from(scaledDotProductAttention(q, k, v, { causal: true }).dataSync())).toEqual([2, 3]);
});
