import { createRandom, training } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { mul, ones, scalar, slice, tensor1d, tensor2d, tensor3d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { codePerplexity, drawGumbel, gumbelQuantizer } from "./gumbel-quantizer.js";
import { randomQuantizer } from "./random-quantizer.js";

beforeAll(useTestBackend);

describe("gumbelQuantizer", () => {
  const make = () => gumbelQuantizer(3, { groups: 2, entries: 4, size: 6, random: createRandom(1) });
  const rows = () => tensor2d(createRandom(2).normals(15), [5, 3]);

  test("noise chooses in training alone, and a row's vector is its entries' one after the other", () => {
    const quantizer = make();
    const wanted = tensor3d([0, 0, 900, 0, 0, 900, 0, 0], [1, 2, 4]); // the third entry, and the second
    const noise = mul(wanted, ones([5, 1, 1]));
    const { vectors, codes } = training(() => quantizer.quantize(rows(), noise as never, scalar(2)));
    expect([...slice(codes, [3, 0, 0], [1, 2, 4]).dataSync()]).toEqual([0, 0, 1, 0, 0, 1, 0, 0]);
    const entries = quantizer.parameters.codevectors!;
    const expected = [2, 4 + 1].flatMap((entry) => [...slice(entries, [0, entry, 0], [1, 1, 3]).dataSync()]);
    for (const [i, value] of expected.entries()) expect(vectors.arraySync()[3]![i]).toBeCloseTo(value, 6);

    const still = quantizer.quantize(rows(), noise as never, scalar(2));
    const likeliest = quantizer.quantize(rows(), zeros([5, 2, 4]), scalar(1));
    expect([...still.codes.dataSync()]).toEqual([...likeliest.codes.dataSync()]);
    expect([...quantizer(rows()).dataSync()]).toEqual([...likeliest.vectors.dataSync()]);
  });

  test("by hand: the perplexity is the number of entries in use, of rows that count", () => {
    const half = [1, 0, 0, 0, 0, 1, 0, 0]; // the first of one group; the second of the other
    const other = [0, 1, 0, 0, 0, 1, 0, 0];
    const codes = tensor3d([...half, ...other, ...other], [3, 2, 4]);
    expect(codePerplexity(codes, tensor1d([1, 1, 0])).dataSync()[0]).toBeCloseTo(2 + 1, 4);
    expect(codePerplexity(codes, tensor1d([0, 1, 1])).dataSync()[0]).toBeCloseTo(1 + 1, 4);
  });

  test("the largest of logits plus Gumbel noise is a draw from their softmax", () => {
    const noise = drawGumbel([4000, 1, 3], createRandom(1)).arraySync();
    const logits = [0.1, 0.6, 0.3].map(Math.log);
    const counts = [0, 0, 0];
    for (const [values] of noise) {
      const sums = values!.map((value, i) => value + logits[i]!);
      counts[sums.indexOf(Math.max(...sums))]! += 1 / 4000;
    }
    expect(counts[0]).toBeCloseTo(0.1, 1);
    expect(counts[1]).toBeCloseTo(0.6, 1);
  });
});

describe("randomQuantizer", () => {
  const rows = () => tensor2d(createRandom(2).normals(40), [10, 4]);
  const make = (seed: number) => randomQuantizer(4, { codebooks: 2, entries: 50, size: 3, random: createRandom(seed) });

  test("labels are a seed's, each codebook's own, and know directions alone", () => {
    const labels = make(1)(rows());
    expect([labels.shape, labels.dtype]).toEqual([[2, 10], "int32"]);
    const [first, second] = labels.arraySync();
    expect(first).not.toEqual(second);
    expect(make(1)(rows()).arraySync()).toEqual([first, second]);
    expect(make(2)(rows()).arraySync()[0]).not.toEqual(first);
    expect(make(1)(mul(rows(), 7)).arraySync()).toEqual([first, second]);
  });

  test("has nothing to learn; projection and codebook are saved", () => {
    const { parameters, buffers } = make(1);
    expect(Object.keys(parameters)).toEqual([]);
    const shapes = Object.entries(buffers).map(([name, { shape, trainable }]) => [name, shape, trainable]);
    expect(shapes).toEqual([
      ["projection", [2, 4, 3], false],
      ["codebook", [2, 50, 3], false],
    ]);
  });
});
