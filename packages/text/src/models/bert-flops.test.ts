import { readFileSync } from "node:fs";
import { chooseEngine, countFlops, createRandom, parameterCount } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bertEncoder } from "./bert.js";
import { bertConfig } from "./bert-config.js";

/** Written by tools/oracles/flops_oracles.py: what PyTorch counts of Hugging Face's. */
const { bertTiny: theirs } = JSON.parse(readFileSync(new URL("../oracles/flops.json", import.meta.url), "utf8")) as {
  bertTiny: { products: number; parameters: number };
};

beforeAll(() => chooseEngine({ engine: "onnx" })); // where counting computes nothing
afterAll(() => useTestBackend());

it("FLOPs of BERT-tiny over 128 tokens are 58.7 M multiply-adds, whatever its vocabulary", () => {
  const encoder = bertEncoder(bertConfig("tiny", { vocab_size: 100 }), createRandom(0));
  const ids = () => zeros([1, 128], "int32") as Tensor2D;
  const { products, elements, uncounted } = countFlops(() => encoder.hiddenStates({ ids: ids() }));
  const [tokens, width] = [128, 128];
  const layer = tokens * (3 + 1 + 4 + 4) * width ** 2 + 2 * tokens ** 2 * width; // q, k, v, output, up, down; q kᵀ and its product with v
  expect(2 * layer).toBe(58_720_256);
  expect(products).toBe(2 * 2 * layer);
  expect(products).toBe(theirs.products);
  expect(uncounted).toEqual([]);
  expect(elements / products).toBeLessThan(0.05);
  expect(parameterCount(encoder)).toBe(theirs.parameters - (30522 - 100) * width);
});
