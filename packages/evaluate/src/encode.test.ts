import { defineModule, type Encoder } from "@autodidact/core";
import { concat, memory, mul, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { encode } from "./encode.js";
import { useTestBackend } from "./testing/backend.js";

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

describe("encode", () => {
  it("keeps the order and drops the filling of the last batch, every batch of one shape", async () => {
    const { shapes, encoder } = doubling();
    const features = await encode(encoder, [1, 2, 3, 4, 5], { toInput, batchSize: 2 });
    expect(features).toMatchObject({ count: 5, size: 2 });
    expect([...features.values]).toEqual([1, 2, 2, 4, 3, 6, 4, 8, 5, 10]);
    expect(new Set(shapes.map(String))).toEqual(new Set(["2,1"]));
  });

  it("reads streams, and nothing", async () => {
    async function* stream() {
      yield 7;
    }
    const { encoder } = doubling();
    expect([...(await encode(encoder, stream(), { toInput })).values]).toEqual([7, 14]);
    expect((await encode(encoder, [], { toInput })).count).toBe(0);
  });

  it("leaves no tensors, and stops when told", async () => {
    const { encoder } = doubling();
    const before = memory().numTensors;
    await encode(encoder, [1, 2, 3], { toInput, batchSize: 2 });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(encode(encoder, [1], { toInput, signal })).rejects.toThrow("enough");
    expect(memory().numTensors).toBe(before);
  });

  it("says so when the encoder's size is not what it promises", async () => {
    const { encoder } = doubling();
    const wrong = Object.assign((x: Tensor2D) => encoder(x), encoder, { featureSize: 3 });
    await expect(encode(wrong, [1], { toInput, batchSize: 1 })).rejects.toThrow("[1,3], gave [1,2]");
  });
});
