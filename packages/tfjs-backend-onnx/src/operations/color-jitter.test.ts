import { engine, type NamedTensorMap, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect } from "vitest";
import { length } from "../testing/arbitraries.js";
import { recordKernelNodes } from "../testing/broken-nodes.js";
import { kernelTest } from "../testing/kernel-test.js";
import { type Numbers, numbers } from "../testing/same-as-cpu.js";
import { useOnnx } from "../use-onnx.js";

type Kept = "float32" | "int32" | "bytes";

interface Jitter {
  images: Numbers;
  ofPixel: Numbers;
  ofMean: Numbers;
  last?: Numbers | undefined;
  /** What the images are: floats as they are, or their first byte of eight. */
  kept?: Kept;
  from?: "planes" | "pixels";
  to?: "planes" | "pixels";
}

function imagesOf({ shape, values }: Numbers, kept: Kept): Tensor {
  if (kept === "float32") return tensor(values, [...shape]);
  const bytes = Uint8Array.from(values, (value) => Math.abs(Math.round(255 * value)));
  if (kept === "int32") return tensor(Int32Array.from(bytes), [...shape], "int32");
  return engine().runKernel("Bytes", {}, { values: bytes, shape } as never);
}

function jitter({ images, kept = "float32", from = "planes", to = "planes", ...matrices }: Jitter): Tensor {
  const inputs: NamedTensorMap = { images: imagesOf(images, kept) };
  for (const [name, given] of Object.entries(matrices))
    if (given) inputs[name] = tensor(given.values, [...given.shape]);
  const scale = kept === "float32" ? 1 : 1 / 255;
  return engine().runKernel("ColorJitter", inputs, { from, to, scale });
}

const jittered = (given: Jitter): number[] => tidy(() => Array.from(jitter(given).dataSync()));

/** Computes the jitter in plain loops of doubles. */
function byHand({ images, ofPixel, ofMean, last, kept = "float32", from = "planes", to = "planes" }: Jitter): number[] {
  const [count, channels] = ofPixel.shape.slice(1) as [number, number];
  const area = count * channels === 0 ? 0 : images.values.length / (count * channels);
  const place = (layout: "planes" | "pixels", n: number, c: number, pixel: number) =>
    layout === "planes" ? (n * channels + c) * area + pixel : (n * area + pixel) * channels + c;
  const each = Array.from({ length: channels }, (_, c) => c);
  const result = new Array<number>(images.values.length);
  for (let n = 0; n < count; n++) {
    const pixelOf = (pixel: number) =>
      each.map((c) => {
        const value = images.values[place(from, n, c, pixel)]!;
        return kept === "float32" ? value : Math.abs(Math.round(255 * value)) / 255;
      });
    let pixels = Array.from({ length: area }, (_, pixel) => pixelOf(pixel));
    const row = ({ values }: Numbers, matrix: number, c: number, width: number) =>
      values.subarray((matrix * channels + c) * width, (matrix * channels + c + 1) * width);
    const dot = (weights: ArrayLike<number>, x: readonly number[]) =>
      x.reduce((sum, value, d) => sum + weights[d]! * value, 0);
    for (let slot = 0; slot < ofPixel.shape[0]!; slot++) {
      const matrix = slot * count + n;
      const mean = each.map((c) => pixels.reduce((sum, x) => sum + x[c]! / area, 0));
      const shift = each.map((c) => dot(row(ofMean, matrix, c, channels), mean));
      pixels = pixels.map((x) =>
        each.map((c) => Math.min(1, Math.max(0, dot(row(ofPixel, matrix, c, channels), x) + shift[c]!))),
      );
    }
    if (last) pixels = pixels.map((x) => each.map((c) => dot(row(last, n, c, channels + 1), [...x, 1])));
    for (const [pixel, x] of pixels.entries()) for (const c of each) result[place(to, n, c, pixel)] = x[c]!;
  }
  return result;
}

kernelTest("by hand: doubled and clipped, then drawn to the mean", async () => {
  await useOnnx({ threads: 1, spin: false, interpret: false });
  const images = { shape: [1, 1, 2], values: Float32Array.of(0.25, 0.75) };
  const ofPixel = { shape: [2, 1, 1, 1], values: Float32Array.of(2, 0.5) };
  const ofMean = { shape: [2, 1, 1, 1], values: Float32Array.of(0, 0.5) };
  expect(jittered({ images, ofPixel, ofMean })).toEqual([0.625, 0.875]); // 0.5 and 1, mean 0.75
  const last = { shape: [1, 1, 2], values: Float32Array.of(-4, 1) };
  expect(jittered({ images, ofPixel, ofMean, last })).toEqual([-1.5, -2.5]);
});

kernelTest("by hand: the channels of two pixels' bytes change places", async () => {
  await useOnnx({ threads: 1, spin: false, interpret: false });
  const images = { shape: [1, 2, 1, 2], values: Float32Array.of(0, 0.2, 0.4, 1) };
  const ofPixel = { shape: [1, 1, 2, 2], values: Float32Array.of(0, 1, 1, 0) };
  const ofMean = { shape: [1, 1, 2, 2], values: new Float32Array(4) };
  const given = { images, ofPixel, ofMean, kept: "bytes", from: "pixels" } as const;
  const close = (values: number[]) => values.map((value) => Math.round(1e6 * value) / 1e6);
  expect(close(jittered({ ...given, to: "pixels" }))).toEqual([0.2, 0, 1, 0.4]);
  expect(close(jittered({ ...given, to: "planes" }))).toEqual([0.2, 1, 0, 0.4]);
});

const layout = fc.constantFrom("planes", "pixels");
const drawn = fc.record({
  images: fc.constantFrom(0, 1, 1, 2, 3),
  channels: fc.constantFrom(1, 2, 3, 3, 3, 4),
  size: fc.oneof(
    fc.tuple(length(9), length(9)),
    fc.constantFrom([1, 1], [1, 300], [257, 1], [16, 16], [0, 5], [131, 129]),
  ),
  slots: fc.constantFrom(0, 1, 2, 4),
  /** Slots that weigh the mean: contrast. */
  weighing: fc.integer({ min: 0, max: 15 }),
  isLast: fc.boolean(),
  kept: fc.constantFrom("float32", "int32", "bytes"),
  from: layout,
  to: layout,
  seed: fc.nat(1000),
});

function given({
  images,
  channels,
  size,
  slots,
  weighing,
  isLast,
  seed,
  ...how
}: typeof drawn extends fc.Arbitrary<infer D> ? D : never) {
  const ofMean = numbers([slots, images, channels, channels], seed + 2);
  const area = images * channels * channels;
  const means = ofMean.values.map((value, i) => ((weighing >> Math.floor(i / area)) % 2 === 1 ? value : 0));
  const shape = how.from === "planes" ? [images, channels, ...size] : [images, ...size, channels];
  const jitter: Jitter = {
    images: { shape, values: numbers(shape, seed).values.map(Math.abs) },
    ofPixel: numbers([slots, images, channels, channels], seed + 1),
    ofMean: { shape: ofMean.shape, values: means as Float32Array },
    last: isLast ? numbers([images, channels, channels + 1], seed + 3) : undefined,
    ...(how as Pick<Jitter, "kept" | "from" | "to">),
  };
  return jitter;
}

kernelTest("is the definition's, whatever images are kept as, however they lie; threads change no bit", async () => {
  const cases = fc.sample(drawn, { numRuns: 150, seed: 7 }).map(given);
  const results: number[][][] = [];
  for (const threads of [1, 2, 3]) {
    await useOnnx({ threads, spin: false, interpret: false });
    results.push(cases.map(jittered));
  }
  const [own, ...onThreads] = results as [number[][], ...number[][][]];
  for (const [i, values] of own.entries()) {
    const expected = byHand(cases[i]!);
    expect(values).toHaveLength(expected.length);
    const apart = values.findIndex((value, place) => !(Math.abs(value - expected[place]!) < 1e-5));
    if (apart < 0) continue;
    const { images, from, to, kept, ofPixel } = cases[i]!;
    throw new Error(`[${images.shape}] ${kept}, ${from} to ${to}, matrices [${ofPixel.shape}]: element ${apart}`);
  }
  for (const values of onThreads) expect(values).toEqual(own);
  for (const one of cases) {
    const { images, ofPixel, from, to } = one;
    const [n, c] = ofPixel.shape.slice(1) as [number, number];
    const inside = from === "planes" ? images.shape.slice(2) : images.shape.slice(1, -1);
    expect(tidy(() => jitter(one).shape)).toEqual(to === "planes" ? [n, c, ...inside] : [n, ...inside, c]);
  }
});

kernelTest("bytes are read as they are stored: no float copy of them", async () => {
  const backend = await useOnnx({ threads: 1, spin: false, interpret: false });
  const [shape, matrix] = [
    [2, 8, 8, 3],
    [1, 2, 3, 3],
  ];
  const nodes = recordKernelNodes(() => {
    jittered({
      images: numbers(shape),
      ofPixel: numbers(matrix),
      ofMean: numbers(matrix),
      kept: "bytes",
      from: "pixels",
    });
  });
  expect(nodes.map(({ type, inputs }) => [type, inputs[0]])).toEqual([["ColorJitter", { shape, type: "uint8" }]]);
  expect(backend.stats().nodes).toBe(1);
});

kernelTest("matrices that do not fit are refused", async () => {
  await useOnnx({ threads: 1, spin: false, interpret: false });
  const given = { images: numbers([2, 3, 4]), ofPixel: numbers([1, 2, 3, 3]), ofMean: numbers([1, 2, 3, 3]) };
  expect(() => jitter({ ...given, ofPixel: numbers([1, 2, 3, 2]) })).toThrow(
    "images must be [N, C, …], ofPixel and ofMean [slots, N, C, C], got [2,3,4], [1,2,3,2] and [1,2,3,3]",
  );
  expect(() => jitter({ ...given, from: "pixels" })).toThrow("images must be [N, …, C]");
  expect(() => jitter({ ...given, last: numbers([2, 3, 3]) })).toThrow(
    "images must be [N, C, …] and last [N, C, C + 1], got [2,3,4] and [2,3,3]",
  );
  const wide = { images: numbers([2, 5, 4]), ofPixel: numbers([1, 2, 5, 5]), ofMean: numbers([1, 2, 5, 5]) };
  expect(() => jitter(wide)).toThrow("images must have at most 4 channels, got 5");
  expect(() => jitter({ ...given, images: numbers([2, 3]) })).toThrow("images must be [N, C, …], got [2,3]");
});
