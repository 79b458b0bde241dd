import { engine, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Numbers, numbers } from "../testing/same-as-cpu.js";
import { useOnnx } from "../use-onnx.js";

const given = ({ shape, values }: Numbers) => tensor(values, [...shape]);

function jitterTensor(images: () => Tensor, ofPixel: Numbers, ofMean: Numbers): number[] {
  return tidy(() => {
    const inputs = { images: images(), ofPixel: given(ofPixel), ofMean: given(ofMean) };
    return Array.from(engine().runKernel<Tensor>("ColorJitter", inputs).dataSync());
  });
}

const jitter = (planes: Numbers, ofPixel: Numbers, ofMean: Numbers) =>
  jitterTensor(() => given(planes), ofPixel, ofMean);

interface Sizes {
  images: number;
  height: number;
  width: number;
  channels: number;
  slots: number;
}

/** Of bytes [N, H, W, C], stored as such or as int32. */
function jitterBytes({ images, height, width, channels, slots }: Sizes, isWide: boolean): number[] {
  const shape = [images, height, width, channels];
  const values = Uint8Array.from(numbers(shape, 5).values, (value) => 128 + 128 * value);
  const bytes = () => engine().runKernel<Tensor>("Bytes", {}, { values, shape } as never);
  const matrices = [slots, images, channels, channels];
  const stored = () => (isWide ? tensor(Int32Array.from(values), shape, "int32") : bytes());
  return jitterTensor(stored, numbers(matrices, 2), numbers(matrices, 3));
}

for (const kernels of [true, false]) {
  const where = kernels ? "with kernels" : "without kernels";

  test(`by hand: doubled and clipped, then drawn to the mean, ${where}`, async () => {
    await useOnnx({ threads: 1, spin: false, kernels });
    const planes = { shape: [1, 1, 2], values: Float32Array.of(0.25, 0.75) };
    const ofPixel = { shape: [2, 1, 1, 1], values: Float32Array.of(2, 0.5) };
    const ofMean = { shape: [2, 1, 1, 1], values: Float32Array.of(0, 0.5) };
    expect(jitter(planes, ofPixel, ofMean)).toEqual([0.625, 0.875]); // 0.5 and 1, mean 0.75
  });
}

test("the kernel and the plain lowering agree, however many channels, pixels and slots there are", async () => {
  const shapes = [
    [1, 1, 1, 1],
    [3, 3, 50, 4],
    [2, 4, 33, 2],
    [2, 5, 7, 3],
    [2, 3, 0, 1],
  ] as const;
  const results: number[][][] = [];
  for (const kernels of [true, false]) {
    await useOnnx({ threads: 2, spin: false, kernels });
    results.push(
      shapes.map(([images, channels, pixels, slots]) => {
        const matrices = [slots, images, channels, channels];
        return jitter(numbers([images, channels, pixels], 1), numbers(matrices, 2), numbers(matrices, 3));
      }),
    );
  }
  const [own, plain] = results.map((all) => all.flat()) as [number[], number[]];
  expect(own).toHaveLength(plain.length);
  own.forEach((value, i) => {
    expect(value).toBeCloseTo(plain[i]!, 5);
  });
});

test("bytes are planes of x / 255: the kernel, the plain lowering and 1, 2 and 3 threads agree", async () => {
  const side = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(1, 16, 33));
  const drawn = fc.record({
    images: fc.integer({ min: 1, max: 4 }),
    height: side,
    width: side,
    channels: fc.integer({ min: 1, max: 5 }),
    slots: fc.integer({ min: 0, max: 4 }),
  });
  const cases = [...fc.sample(drawn, 40), { images: 3, height: 130, width: 77, channels: 3, slots: 4 }];
  const results: number[][][] = [];
  for (const [threads, kernels, isWide] of [
    [1, true, false],
    [2, true, false],
    [3, true, true],
    [2, false, false],
  ] as const) {
    await useOnnx({ threads, spin: false, kernels });
    results.push(cases.map((sizes) => jitterBytes(sizes, isWide)));
  }
  const [own, onTwo, onThree, plain] = results as [number[][], number[][], number[][], number[][]];
  expect(onTwo).toEqual(own);
  expect(onThree).toEqual(own);
  for (const [i, values] of own.entries()) {
    const apart = values.findIndex((value, at) => !(Math.abs(value - plain[i]![at]!) <= 1e-5));
    expect(apart, `${JSON.stringify(cases[i])}: ${values[apart]} for ${plain[i]![apart]}`).toBe(-1);
  }
  const identity = { shape: [1, 1, 2, 2], values: Float32Array.of(1, 0, 0, 1) };
  const bytes = () => tensor(Int32Array.of(0, 51, 102, 255), [1, 1, 2, 2], "int32");
  const nothing = { shape: [1, 1, 2, 2], values: new Float32Array(4) };
  const planes = jitterTensor(bytes, identity, nothing);
  for (const [i, byte] of [0, 102, 51, 255].entries()) expect(planes[i]).toBeCloseTo(byte / 255, 6);
});

test("matrices that do not fit are refused", async () => {
  await useOnnx({ threads: 1, spin: false });
  expect(() => jitter(numbers([2, 3, 4]), numbers([1, 2, 3, 2]), numbers([1, 2, 3, 3]))).toThrow(
    "images must be planes [N, C, pixels] or bytes [N, H, W, C], ofPixel and ofMean [slots, N, C, C], got [2,3,4], [1,2,3,2] and [1,2,3,3]",
  );
  const matrices = numbers([1, 2, 3, 3]);
  expect(() => jitter(numbers([2, 4, 4, 3]), matrices, matrices)).toThrow("got [2,4,4,3]"); // floats with an axis too many
});
