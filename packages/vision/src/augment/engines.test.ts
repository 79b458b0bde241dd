/** Crops and colours by the engine's kernels, and composed on its other providers. */
import { chooseEngine, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { reshape, type Tensor, type Tensor2D, type Tensor3D, type Tensor4D, tensor, tidy } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { stackImages } from "../image.js";
import { recolor } from "./recolor.js";
import { resizedCrop } from "./resized-crop.js";

afterAll(useTestBackend);

const layout = fc.constantFrom("planes", "pixels");
const cases = fc.record({
  n: fc.constantFrom(1, 2, 3),
  channels: fc.constantFrom(1, 2, 3, 3, 4, 5),
  height: fc.constantFrom(1, 2, 5, 16, 33),
  width: fc.constantFrom(1, 3, 7, 16, 40),
  size: fc.constantFrom(1, 4, 9, 20),
  slots: fc.constantFrom(0, 1, 4),
  isLast: fc.boolean(),
  kept: fc.constantFrom("bytes", "int32", "float32"),
  from: layout,
  to: layout,
  seed: fc.nat(1000),
});
type Case = typeof cases extends fc.Arbitrary<infer One> ? One : never;

/** Bytes [N, H, W, C] as a data set's, as int32, or shares of 255. */
function imagesOf({ n, channels, height, width, kept, seed }: Case): Tensor4D {
  const random = createRandom(seed).split("pixels");
  const pixelsOf = () => Uint8Array.from(random.normals(height * width * channels), (value) => 128 + 60 * value);
  const images = Array.from({ length: n }, (_, i) => ({ id: `${i}`, pixels: pixelsOf(), height, width, channels }));
  if (kept === "bytes") return stackImages(images);
  const values = images.flatMap(({ pixels }) =>
    Array.from(pixels, (value) => (kept === "int32" ? value : value / 255)),
  );
  return tensor(values, [n, height, width, channels], kept);
}

function viewsOf(one: Case): Tensor[] {
  const { n, channels, height, width, size, slots, isLast, kept, from, to, seed } = one;
  const random = createRandom(seed);
  const draw = (...shape: number[]) =>
    tensor(
      random.normals(shape.reduce((a, b) => a * b, 1)).map((value) => value / 2),
      shape,
    );
  const images = imagesOf(one);
  const jitter = {
    ofPixel: draw(slots, n, channels, channels) as Tensor4D,
    ofMean: draw(slots, n, channels, channels) as Tensor4D,
  };
  const last = isLast ? (draw(n, channels, channels + 1) as Tensor3D) : undefined;
  const lying: Tensor4D = from === "pixels" ? images : reshape(images, [n, channels, height, width]);
  const colours = recolor(lying, { jitter, last }, { from, to });
  if (kept === "float32") return [colours];
  const sides = Array.from({ length: n }, () => [0.1, 0.9, 0.6 + random.uniform(0, 0.4), random.uniform(0, 0.5)]);
  return [colours, resizedCrop(images, tensor(sides.flat(), [n, 4]) as Tensor2D, size)];
}

it("are the CPU backend's, of any size, however images are kept and lie", async () => {
  const samples = fc.sample(cases, { numRuns: 80, seed: 3 });
  const computed = () =>
    samples.map((one) =>
      tidy(() => viewsOf(one).map((view) => ({ shape: view.shape, values: Array.from(view.dataSync()) }))),
    );
  await chooseEngine({ engine: "cpu" });
  const expected = computed();
  for (const kernels of [true, false]) {
    await chooseEngine({ engine: "onnx", kernels });
    for (const [i, views] of computed().entries())
      for (const [j, { shape, values }] of views.entries()) {
        const of = expected[i]![j]!;
        const where = `${kernels ? "with" : "without"} kernels, ${JSON.stringify(samples[i])}`;
        expect(shape, where).toEqual(of.shape);
        const largest = Math.max(...values.map((value, place) => Math.abs(value - of.values[place]!)));
        expect(largest, where).toBeLessThan(2e-5);
      }
  }
});
