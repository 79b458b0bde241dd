import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { resnet } from "../encoders/resnet.js";
import { vit } from "../encoders/vit.js";
import { rawPixels } from "../features/raw-pixels.js";
import { type Image, stackImages } from "../image.js";
import { mae } from "../mae.js";
import { simclr } from "../simclr.js";
import { measureStatistics } from "./measure-statistics.js";
import { presetAugment, usualPreset } from "./preset-augment.js";
import { simclrAugment } from "./simclr-augment.js";
import { standardize } from "./standardize.js";

beforeAll(useTestBackend);
const random = () => createRandom(3);
const statistics = { mean: Array(6).fill(0.4), std: Array(6).fill(0.2) };

/** Bytes, and the same as shares. */
function both(channels: number, count = 2, size = 12): [Image[], Image[]] {
  const bytes = Array.from({ length: count }, (_, n): Image => {
    const pixels = Uint8Array.from({ length: size * size * channels }, (_, i) => (i * 37 + n * 11) % 256);
    return { id: `${n}`, pixels, height: size, width: size, channels };
  });
  const shares = bytes.map((image) => ({ ...image, pixels: Float32Array.from(image.pixels, (byte) => byte / 255) }));
  return [bytes, shares];
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe("images of shares", () => {
  it.each([1, 3, 6])("of %i channels become the views that bytes become", (channels) => {
    const measured = { mean: Array(channels).fill(0.4), std: Array(channels).fill(0.2) };
    const augment = simclrAugment({ size: 8, channels, ...measured });
    const [bytes, shares] = both(channels);
    const view = augment.draw(2, random());
    const [a, b] = tidy(() => [augment(stackImages(bytes), view), augment(stackImages(shares), view)]);
    expect(a!.shape).toEqual([2, 8, 8, channels]);
    expect(worst(a!.dataSync(), b!.dataSync())).toBeLessThan(1e-4);
    const [c, d] = tidy(() => [standardize(stackImages(bytes), measured), standardize(stackImages(shares), measured)]);
    expect(worst(c!.dataSync(), d!.dataSync())).toBeLessThan(1e-5);
  });

  it("are floats in a batch, and so are the bytes beside them", () => {
    const [bytes, shares] = both(1);
    const mixed = stackImages([bytes[0]!, shares[1]!]);
    expect(mixed.dtype).toBe("float32");
    expect(worst(mixed.dataSync(), stackImages(shares).dataSync())).toBeLessThan(1e-7);
    expect(stackImages(bytes).dtype).toBe("int32");
  });

  it("of many bands are neither jittered nor made gray, and whoever asks for it is told", () => {
    const augment = presetAugment("cifar10", { size: 8, channels: 6, statistics });
    expect(Object.keys(augment.draw(2, random()))).toEqual(["boxes"]);
    expect(augment.statistics).toEqual(statistics);
    expect(usualPreset({ size: 32, channels: 6 })).toBe("cifar10");
    expect(() => simclrAugment({ size: 8, channels: 6, jitterStrength: 0.5, ...statistics })).toThrow(
      "jitterStrength and grayProbability must be 0 for images of 6 channels, which are no colours, got 0.5 and 0",
    );
  });

  it("of many bands are learned from: a residual network, a vision transformer", () => {
    const augment = presetAugment("cifar10", { size: 8, channels: 6, statistics });
    const [, images] = both(6, 4);
    const network = resnet({ depth: 18, width: 2, stem: "cifar", channels: 6, random: random() });
    const transformer = vit({
      imageSize: 8,
      patchSize: 4,
      channels: 6,
      width: 8,
      heads: 2,
      layers: 1,
      random: random(),
    });
    const contrast = simclr(network, augment, random());
    const masked = mae(transformer, augment, random(), {
      maskRatio: 0.5,
      decoderWidth: 8,
      decoderHeads: 2,
      decoderLayers: 1,
    });
    const losses = tidy(() => [
      (contrast.loss(contrast.draw(images, random())) as { dataSync(): ArrayLike<number> }).dataSync()[0]!,
      (masked.loss(masked.draw(images, random())) as { dataSync(): ArrayLike<number> }).dataSync()[0]!,
    ]);
    for (const loss of losses) expect(Number.isFinite(loss)).toBe(true);
    const pictures = tidy(() =>
      Object.values(masked.preview!(masked.draw(images, random()))).map(({ shape }) => shape),
    );
    expect(pictures).toEqual(Array(3).fill([4, 8, 8, 3]));
  });

  it("are measured channel by channel, whatever is broken among them", async () => {
    const [a, b] = [Float32Array.of(0, 1, 0.5, 1), Float32Array.of(1, 1, 0.5, 1)];
    const image = (pixels: Float32Array): Image => ({ id: "", pixels, height: 1, width: 2, channels: 2 });
    const { mean, std } = await measureStatistics({ length: 2, get: async (index) => image(index === 0 ? a : b) });
    expect(mean).toEqual([0.5, 1]);
    expect(std[0]).toBeCloseTo(Math.sqrt(0.125), 7); // of 0, 0.5, 1, 0.5
    expect(std[1]).toBe(1e-3);
  });
});

it("pixels of floats as features are those of bytes", () => {
  const [bytes, shares] = both(3);
  expect(worst(rawPixels(bytes).values, rawPixels(shares).values)).toBeLessThan(1e-6);
});
