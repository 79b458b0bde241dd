import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import type { Named } from "../modules/module.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import { clipByGlobalNorm, globalNorm } from "./clip.js";

beforeAll(useTestBackend);

test("by hand: 3 here and 4 there are 5 long", () => {
  expect(globalNorm({ a: tensor1d([3]), b: tensor2d([[0, 4]]) }).dataSync()[0]).toBe(5);
});

interface Case {
  name: string;
  maxNorm: number;
  gradients: Named<Stored>;
  norm: number;
  clipped: Named<Stored>;
}

onEachEngine(() => {
  for (const { name, maxNorm, gradients, norm, clipped } of readOracle<Case>("clip")) {
    test(`as clip_grad_norm_: ${name}`, () => {
      const given = Object.fromEntries(Object.entries(gradients).map(([key, stored]) => [key, restored(stored)]));
      const result = clipByGlobalNorm(given, maxNorm);
      expectClose(result.norm, { shape: [], values: [norm] }, "norm");
      for (const [key, gradient] of Object.entries(result.gradients)) expectClose(gradient, clipped[key]!, key);
    });
  }
});
