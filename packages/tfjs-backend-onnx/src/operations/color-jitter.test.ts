import { engine, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type Numbers, numbers } from "../testing/same-as-cpu.js";
import { useOnnx } from "../use-onnx.js";

function jitter(planes: Numbers, ofPixel: Numbers, ofMean: Numbers): number[] {
  const given = ({ shape, values }: Numbers) => tensor(values, [...shape]);
  return tidy(() => {
    const inputs = { planes: given(planes), ofPixel: given(ofPixel), ofMean: given(ofMean) };
    return Array.from(engine().runKernel<Tensor>("ColorJitter", inputs).dataSync());
  });
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

test("matrices that do not fit are refused", async () => {
  await useOnnx({ threads: 1, spin: false });
  expect(() => jitter(numbers([2, 3, 4]), numbers([1, 2, 3, 2]), numbers([1, 2, 3, 3]))).toThrow(
    "planes must be [N, C, pixels], ofPixel and ofMean [slots, N, C, C], got [2,3,4], [1,2,3,2] and [1,2,3,3]",
  );
});
