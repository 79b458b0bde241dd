import { chooseEngine, createRandom, gradientsOf, namedVariables, training } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cifar10Statistics } from "../augment/standardize.js";
import { saveImageEncoder } from "../encoders/image-encoder-files.js";
import { resnet } from "../encoders/resnet.js";
import type { FineTunedDense } from "../finetuning/fine-tune-dense.js";
import { drawShapes } from "../testing/shapes.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { fineTuneSegmentation, type MaskAnswer, pixelCounts } from "./fine-tune-segmentation.js";
import type { MaskedImage, SegmentationData } from "./open-segmentation.js";
import { drawMasks, loadSegmenter, segmentation, segmenter, segmentImages } from "./segmenter.js";

const folder = useTemporaryFolder();
const side = 16;
const preprocessing = { size: side, statistics: cifar10Statistics };
const classes = { classes: ["background", "circle", "square"], values: [0, 1, 5] };
const small = (seed = 0) => resnet({ depth: 18, width: 4, stem: "cifar", random: createRandom(seed) });

const shapes = (count: number, from: number): MaskedImage[] =>
  Array.from({ length: count }, (_, n) => {
    const { pixels, mask } = drawShapes(from + n, side);
    return {
      id: `${n}`,
      pixels,
      height: side,
      width: side,
      channels: 3,
      mask,
      original: { height: side, width: side },
    };
  });
const part = (examples: MaskedImage[]) => ({ examples, hash: "sha256:0" });
const data: SegmentationData = {
  ...classes,
  train: part(shapes(32, 0)),
  test: part(shapes(8, 100)),
  isTestHeldOut: false,
  found: { kind: "shapes", parts: [], classes: [], passedOver: [] },
};

beforeAll(async () => void (await chooseEngine({ engine: "onnx" })));
afterAll(useTestBackend);

describe("fineTuneSegmentation", () => {
  it("answers for every pixel by both contenders, and keeps the pretrained model", async () => {
    const encoder = folder.path("encoder");
    await saveImageEncoder(small(), encoder, preprocessing);
    const out = folder.path("segmenter");
    const results: FineTunedDense<MaskAnswer>[] = [];
    for await (const result of fineTuneSegmentation(encoder, data, {
      epochs: 40,
      batchSize: 8,
      learningRate: 5e-3,
      out,
    }))
      results.push(result);
    expect(results.map(({ contender }) => contender)).toEqual(["pretrained", "from scratch"]);
    for (const { answer } of results) {
      expect(answer.sizes).toEqual(Array(8).fill(side * side));
      const right = answer.labels.filter((label, place) => label === answer.truth[place]).length;
      const background = answer.truth.filter((label) => label === 0).length;
      expect(right).toBeGreaterThan(background + (answer.truth.length - background) / 4);
    }
    expect(pixelCounts(data).reduce((a, b) => a + b)).toBe(32 * side * side);

    const { model, predict, preprocessing: own } = await loadSegmenter(out);
    expect([model.classes, model.values, own]).toEqual([classes.classes, classes.values, preprocessing]);
    const masks = await predict(data.test.examples);
    expect(masks.flatMap((mask) => [...mask])).toEqual([...results[0]!.answer.labels]);
    const threes = await segmentImages(model, data.test.examples, { ...preprocessing, batchSize: 3 });
    expect(threes).toEqual(masks);
    await expect(loadSegmenter(encoder)).rejects.toThrow("must hold a model of type autodidact_segmenter");
  });

  it("has a gradient at every learned tensor, and pixels of 255 do not count", () => {
    tidy(() => {
      const model = segmenter(small(), classes, createRandom(1));
      const method = segmentation(model, preprocessing);
      const parameters = namedVariables(method.learned, "parameters");
      const batch = drawMasks(data.train.examples.slice(0, 4), createRandom(0), 0);
      const { gradients } = training(() => gradientsOf(() => method.loss(batch) as never, parameters));
      for (const [name, gradient] of Object.entries(gradients))
        expect(
          gradient.dataSync().some((value) => value !== 0),
          name,
        ).toBe(true);
      const blank = data.train.examples.slice(0, 2).map((one) => ({ ...one, mask: one.mask.map(() => 255) }));
      const loss = method.loss(drawMasks(blank, createRandom(0), 0));
      expect((loss as { dataSync(): Float32Array }).dataSync()[0]).toBe(0);
    });
  });

  it("mirrors image and mask together", () => {
    const [first] = data.train.examples;
    const flipped = tidy(() => {
      const { images, labels } = drawMasks([first!], createRandom(0), 1);
      return { pixels: [...images.dataSync()], labels: [...labels.dataSync()] };
    });
    for (const [x, y] of [
      [0, 3],
      [5, 9],
    ] as const) {
      expect(flipped.labels[y * side + x]).toBe(first!.mask[y * side + side - 1 - x]);
      expect(flipped.pixels[3 * (y * side + x) + 1]).toBe(first!.pixels[3 * (y * side + side - 1 - x) + 1]);
    }
  });
});
