import { type Tensor3D, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { transformerBlock } from "./transformer-block.js";

beforeAll(useTestBackend);

type Case = ModuleCase<{ size: number; heads: number; hiddenSize: number; order: "pre" | "post" }>;

onEachEngine(() => {
  for (const expected of readOracle<Case>("transformer-block")) {
    test(`as torch.nn.TransformerEncoderLayer: ${expected.name}`, () => {
      const { size, ...options } = expected.options;
      expectAsPyTorch(transformerBlock(size, { ...options, random: createRandom(0) }), expected);
    });
  }
});

test("a mask reaches the attention: what is hidden does not matter", () => {
  const block = transformerBlock(4, {
    heads: 2,
    random: createRandom(0),
    initialize: (s, r) => r.normals(s[0]! * s[1]!),
  });
  const hidden = tensor([0, 0, -1e9], [1, 1, 1, 3]);
  const first = (last: number) => {
    const tokens = tensor([1, 2, 3, 5, 4, 3, 2, 2, last, 1, 0, 7], [1, 3, 4]) as Tensor3D;
    return [...block(tokens, hidden).dataSync().slice(0, 8)];
  };
  expect(first(9)).toEqual(first(-4));
  expect([
    ...block(tensor([1, 2, 3, 5, 4, 3, 2, 2, 9, 1, 0, 7], [1, 3, 4]) as Tensor3D)
      .dataSync()
      .slice(0, 8),
  ]).not.toEqual(first(9));
});
