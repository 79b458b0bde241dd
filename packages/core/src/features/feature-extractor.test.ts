import { concat, memory, mul, scalar, type Tensor2D, tensor2d, tidy, topk, variable } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Encoder } from "../method.js";
import { defineModule } from "../modules/module.js";
import { useTestBackend } from "../testing/backend.js";
import { featureExtractor } from "./feature-extractor.js";

beforeAll(() => useTestBackend());

/** x → (x, 2x), and the shapes it saw. */
function doubling() {
  const shapes: number[][] = [];
  const forward = (x: Tensor2D) => {
    shapes.push(x.shape);
    return concat([x, mul(x, 2)], 1) as Tensor2D;
  };
  const encoder: Encoder<Tensor2D> = Object.assign(defineModule<Tensor2D, Tensor2D>(forward, {}), {
    featureSize: 2,
    config: {},
  });
  return { shapes, encoder };
}
const toInput = (samples: readonly number[]) => tensor2d([...samples], [samples.length, 1]);

describe("featureExtractor", () => {
  it("keeps the order and drops the filling of the last batch, every batch of one shape", async () => {
    const { shapes, encoder } = doubling();
    const features = await featureExtractor(encoder, { toInput, batchSize: 2 })([1, 2, 3, 4, 5]);
    expect(features).toMatchObject({ count: 5, size: 2 });
    expect([...features.values]).toEqual([1, 2, 2, 4, 3, 6, 4, 8, 5, 10]);
    expect(new Set(shapes.map(String))).toEqual(new Set(["2,1"]));
  });

  it("reads streams, and nothing", async () => {
    async function* stream() {
      yield 7;
    }
    const extract = featureExtractor(doubling().encoder, { toInput });
    expect([...(await extract(stream())).values]).toEqual([7, 14]);
    expect((await extract([])).count).toBe(0);
  });

  it("uses the weights as they are at the call", async () => {
    const weight = variable(scalar(3));
    const encoder = Object.assign((x: Tensor2D) => mul(x, weight), { featureSize: 1 });
    const extract = featureExtractor(encoder, { toInput, batchSize: 1 });
    expect([...(await extract([2])).values]).toEqual([6]);
    tidy(() => weight.assign(scalar(5)));
    expect([...(await extract([2])).values]).toEqual([10]);
    extract.dispose();
    weight.dispose();
  });

  it("leaves no tensors, and stops when told", async () => {
    const extract = featureExtractor(doubling().encoder, { toInput, batchSize: 2 });
    const before = memory().numTensors;
    await extract([1, 2, 3]);
    await expect(extract([1], { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    expect(memory().numTensors).toBe(before);
  });

  it("tells what a row costs, the filling of the last batch left out", async () => {
    const extract = featureExtractor(doubling().encoder, { toInput, batchSize: 4 });
    const { flops } = await extract([1, 2, 3, 4, 5]);
    expect(flops).toEqual({ perRow: 1, uncounted: [] }); // 2 · x
    expect((await extract([])).flops).toBeUndefined();
    const sorting = Object.assign((x: Tensor2D) => topk(x, 1).values, { featureSize: 1 });
    expect((await featureExtractor(sorting, { toInput })([1])).flops).toEqual({ perRow: null, uncounted: ["TopK"] });
  });

  it("tells how many are done", async () => {
    const done: number[] = [];
    const extract = featureExtractor(doubling().encoder, { toInput, batchSize: 2 });
    await extract([1, 2, 3], { onProgress: (count) => done.push(count) });
    expect(done).toEqual([2, 3]);
  });

  it("says so when the encoder's size is not what it promises", async () => {
    const { encoder } = doubling();
    const wrong = Object.assign((x: Tensor2D) => encoder(x), { featureSize: 3 });
    await expect(featureExtractor(wrong, { toInput, batchSize: 1 })([1])).rejects.toThrow("[1,3], gave [1,2]");
  });
});
