import { reshape, type Tensor3D, tensor, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectAsPyTorch, type ModuleCase, readOracle } from "../testing/oracle.js";
import { training } from "./mode.js";
import { transformerBlock } from "./transformer-block.js";

beforeAll(useTestBackend);

interface Options {
  size: number;
  heads: number;
  hiddenSize: number;
  order: "pre" | "post";
}
type Case = ModuleCase<Options>;
type DroppingCase = ModuleCase<Options & { dropout: number; attentionDropout: number }> & { readonly key: number[] };

onEachEngine(() => {
  for (const expected of readOracle<Case>("transformer-block")) {
    test(`as torch.nn.TransformerEncoderLayer: ${expected.name}`, () => {
      const { size, ...options } = expected.options;
      expectAsPyTorch(transformerBlock(size, { ...options, random: createRandom(0) }), expected);
    });
  }

  for (const expected of readOracle<DroppingCase>("transformer-block-dropout")) {
    test(`as torch.nn.TransformerEncoderLayer with the same masks: ${expected.name}`, () => {
      const { size, ...options } = expected.options;
      const block = transformerBlock(size, { ...options, random: createRandom(0) });
      training(() => expectAsPyTorch(block, expected), tensor1d(expected.key, "int32"));
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

test("dropPath leaves samples as they are where both branches are dropped, and is off in evaluation", () => {
  const options = { heads: 2, random: createRandom(0) };
  const [x, key] = [tensor(createRandom(1).normals(64 * 4), [64, 1, 4]) as Tensor3D, tensor1d([1, 2, 3, 4], "int32")];
  const rows = (y: Tensor3D) => reshape(y, [64, 4]).arraySync() as number[][];
  const [plain, dropping] = [transformerBlock(4, options), transformerBlock(4, { ...options, dropPath: 0.5 })];
  const [before, after] = [rows(x), rows(training(() => dropping(x), key))];
  const untouched = after.filter((row, i) => row.join() === before[i]!.join()).length;
  expect(untouched).toBeGreaterThan(6); // of 64 a quarter, 16: within three deviations
  expect(untouched).toBeLessThan(27);
  expect(rows(dropping(x))).toEqual(rows(plain(x)));
});
