import { chooseEngine, createRandom, type LabelledData, saveEncoder } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cifar10Statistics } from "../augment/standardize.js";
import { saveImageEncoder } from "../encoders/image-encoder-files.js";
import { vit } from "../encoders/vit.js";
import type { Image } from "../image.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { type FineTunedImages, fineTuneImages } from "./fine-tune-images.js";
import { classifyImages, imageClassifier, loadImageClassifier } from "./image-classifier.js";

const folder = useTemporaryFolder();
const side = 8;
const preprocessing = { size: side, statistics: cifar10Statistics };
const small = () =>
  vit({ imageSize: side, patchSize: 4, width: 8, layers: 1, random: createRandom(0).split("encoder") });

/** Reddish or bluish, with some noise. */
function tints(count: number, seed: number): { examples: Image[]; labels: Int32Array; hash: string } {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: count }, (_, n) => n % 2);
  const examples = [...labels].map((label, n) => {
    const pixels = Uint8Array.from({ length: side * side * 3 }, (_, place) => {
      return (place % 3 === 2 * label ? 150 : 60) + random.integer(60);
    });
    return { id: `${n}`, pixels, height: side, width: side, channels: 3, label };
  });
  return { examples, labels, hash: `sha256:${seed}` };
}

const data: LabelledData<Image> = {
  classes: ["red", "blue"],
  train: tints(16, 1),
  test: tints(20, 2),
  isTestHeldOut: false,
};

beforeAll(async () => void (await chooseEngine({ engine: "onnx" })));
afterAll(useTestBackend);

describe("fineTuneImages", () => {
  it("answers for the pretrained and the untrained encoder, and keeps the first seed's pretrained classifier", async () => {
    const encoder = folder.path("encoder");
    await saveImageEncoder(small(), encoder, preprocessing);
    const out = folder.path("classifier");
    const told: string[] = [];
    const results: FineTunedImages[] = [];
    const asked = {
      seeds: [0, 1],
      labelsPerClass: 4,
      epochs: 5,
      batchSize: 8,
      learningRate: 0.02,
      layerDecay: 1,
      out,
      onProgress: ({ contender, report, steps }: { contender: string; report?: object; steps?: number }) =>
        void told.push(`${contender} ${report === undefined ? "answers" : steps}`),
    };
    for await (const result of fineTuneImages(encoder, data, asked)) results.push(result);
    expect(results.map(({ contender, seed }) => [contender, seed])).toEqual([
      ["pretrained", 0],
      ["from scratch", 0],
      ["pretrained", 1],
      ["from scratch", 1],
    ]);
    for (const { accuracy, labels } of results) {
      expect(accuracy).toBeGreaterThan(0.8); // 100 steps are enough for tints
      expect(accuracy).toBeCloseTo(labels.filter((label, row) => label === row % 2).length / 20, 12);
    }
    expect(new Set(told)).toEqual(
      new Set(["pretrained 100", "pretrained answers", "from scratch 100", "from scratch answers"]),
    );

    const loaded = await loadImageClassifier(out);
    expect(loaded.classifier.classes).toEqual(["red", "blue"]);
    expect(loaded.preprocessing).toEqual(preprocessing);
    const shares = await loaded.predict(data.test.examples);
    expect(Int32Array.from(shares, ([red, blue]) => (red! > blue! ? 0 : 1))).toEqual(results[0]!.labels);
    for (const [red, blue] of shares) expect(red! + blue!).toBeCloseTo(1, 5);
  });

  it("learns from a share of the labels, and refuses one of which a class keeps nothing", async () => {
    const encoder = folder.path("shared");
    await saveImageEncoder(small(), encoder, preprocessing);
    const none = fineTuneImages(encoder, data, { labelShare: 0.01 });
    await expect(none.next()).rejects.toThrow("1 % of the 8 training examples of class 0 is none");
    const both = fineTuneImages(encoder, data, { labelShare: 0.5, labelsPerClass: 1 });
    await expect(both.next()).rejects.toThrow("Leave one out");
  });

  it("gives the same shares whatever the batch", async () => {
    const classifier = imageClassifier(small(), ["a", "b", "c"], createRandom(1));
    const { statistics } = preprocessing;
    const [one, three] = [7, 3].map((batchSize) =>
      classifyImages(classifier, data.test.examples.slice(0, 7), { statistics, batchSize }),
    );
    for (const [row, shares] of (await one!).entries()) {
      for (const [label, share] of shares.entries()) expect((await three!)[row]![label]).toBeCloseTo(share, 6);
    }
  });

  it("refuses one class, and a folder that is no classifier", async () => {
    expect(() => imageClassifier(small(), ["a"], createRandom(1))).toThrow("two classes at least, got 1");
    await saveEncoder(small(), folder.path("plain"));
    await expect(loadImageClassifier(folder.path("plain"))).rejects.toThrow('and holds "vit". Fine-tune one first.');
  });
});
