import { chooseEngine, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { cast, concat, equal, image as pictures, type Tensor4D } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { smallConvolution } from "../testing/small-convolution.js";
import { probeMasks } from "./dense-probe.js";
import type { MaskedImage } from "./open-segmentation.js";

const side = 8;

/** The gray value decides: below 100 class 0, up to 200 class 1, else class 2; a row of 255 in each mask. */
const images = (count: number, seed: number): MaskedImage[] =>
  Array.from({ length: count }, (_, n) => {
    const random = createRandom(seed + n);
    const kinds = Uint8Array.from({ length: 16 }, () => random.integer(3)); // patches of 2 × 2 pixels
    const kindAt = (place: number) => kinds[4 * Math.floor(place / side / 2) + Math.floor((place % side) / 2)]!;
    const pixels = Uint8Array.from({ length: side * side }, (_, place) => 50 + 100 * kindAt(place));
    const mask = Uint8Array.from({ length: side * side }, (_, place) => (place < side ? 255 : kindAt(place)));
    return {
      id: `${n}`,
      pixels,
      height: side,
      width: side,
      channels: 1,
      mask,
      original: { height: side, width: side },
    };
  });

beforeAll(async () => void (await chooseEngine({ engine: "onnx" })));
afterAll(useTestBackend);

it("reads classes off maps that tell them, and not off maps that do not", async () => {
  const part = (examples: MaskedImage[]) => ({ examples, hash: "" });
  const data = { train: part(images(12, 0)), test: part(images(6, 50)), classes: ["a", "b", "c"] };
  const encoder = smallConvolution(createRandom(0), { channels: 1 });
  const patches = (bytes: Tensor4D) => pictures.resizeNearestNeighbor(bytes, [4, 4], false, true);
  const telling = (bytes: Tensor4D) =>
    concat(
      [50, 150, 250].map((value) => cast(equal(patches(bytes), value), "float32")),
      3,
    ) as Tensor4D;
  const before = [...encoder.parameters["convolution.weight"]!.dataSync()];
  const rightShare = async (maps: (bytes: Tensor4D) => Tensor4D) => {
    const { labels, truth } = await probeMasks(maps, encoder, data, { random: createRandom(1), learningRate: 0.1 });
    const counted = [...truth.keys()].filter((place) => truth[place] !== 255);
    return counted.filter((place) => labels[place] === truth[place]).length / counted.length;
  };
  expect(await rightShare(telling)).toBeGreaterThan(0.85); // bilinear scores blur patches' borders
  expect(await rightShare((bytes) => cast(equal(patches(bytes), 7), "float32"))).toBeLessThan(0.5);
  expect([...encoder.parameters["convolution.weight"]!.dataSync()]).toEqual(before);
});
