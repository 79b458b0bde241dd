import { chooseEngine, createRandom, gradientsOf, namedVariables, training } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cifar10Statistics } from "../augment/standardize.js";
import { saveImageEncoder } from "../encoders/image-encoder-files.js";
import { resnet } from "../encoders/resnet.js";
import { vit } from "../encoders/vit.js";
import type { FineTunedDense } from "../finetuning/fine-tune-dense.js";
import { drawShapes } from "../testing/shapes.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { detection, detector, loadDetector, mirroredBoxes } from "./detector.js";
import { type DetectionAnswer, fineTuneDetection } from "./fine-tune-detection.js";
import type { BoxedImage, DetectionData } from "./open-detection.js";

const folder = useTemporaryFolder();
const side = 32;
const preprocessing = { size: side, statistics: cifar10Statistics };
const classes = ["circle", "square"];

/** As if the images had been twice as wide. */
const shapes = (count: number, from: number): BoxedImage[] =>
  Array.from({ length: count }, (_, n) => {
    const { pixels, boxes } = drawShapes(from + n, side);
    const wide = boxes.map(([x, y, width, height], label) => {
      const box = [2 * x, y, 2 * width, height] as const;
      return { box, label, area: box[2] * box[3], isCrowd: false };
    });
    return {
      id: `${n}`,
      pixels,
      height: side,
      width: side,
      channels: 3,
      boxes: wide,
      original: { height: side, width: 2 * side },
    };
  });
const part = (examples: BoxedImage[]) => ({ examples, hash: "sha256:0" });
const data: DetectionData = {
  classes,
  train: part(shapes(32, 0)),
  test: part(shapes(8, 100)),
  isTestHeldOut: false,
  found: { kind: "shapes", parts: [], classes: [], passedOver: [] },
};

beforeAll(async () => void (await chooseEngine({ engine: "onnx" })));
afterAll(useTestBackend);

describe("fineTuneDetection", () => {
  it("finds boxes in the images' own pixels by both contenders, and keeps the pretrained model", async () => {
    const encoder = folder.path("encoder");
    await saveImageEncoder(
      resnet({ depth: 18, width: 4, stem: "cifar", random: createRandom(0) }),
      encoder,
      preprocessing,
    );
    const out = folder.path("detector");
    const results: FineTunedDense<DetectionAnswer>[] = [];
    for await (const result of fineTuneDetection(encoder, data, { epochs: 1, batchSize: 8, learningRate: 5e-3, out }))
      results.push(result);
    expect(results.map(({ contender }) => contender)).toEqual(["pretrained", "from scratch"]);
    for (const { answer } of results) {
      const near = answer.found.flatMap((found, n) =>
        classes.map((_, label) => {
          const [x, y, width, height] = answer.truth[n]!.find((one) => one.label === label)!.box;
          const [left, top, w, h] = found.find((one) => one.label === label)!.box;
          return (
            Math.abs(left + w / 2 - x - width / 2) < width / 2 && Math.abs(top + h / 2 - y - height / 2) < height / 2
          );
        }),
      );
      expect(near.filter(Boolean).length).toBeGreaterThanOrEqual(12); // of 16; a guess of the image's middle is never near
    }
    const { predict, preprocessing: own } = await loadDetector(out);
    expect(own).toEqual(preprocessing);
    expect(await predict(data.test.examples)).toEqual(results[0]!.answer.found);
    await expect(loadDetector(encoder)).rejects.toThrow("must hold a model of type autodidact_detector");
  });

  it.each([
    ["residual network", () => resnet({ depth: 18, width: 2, stem: "cifar", random: createRandom(0) })],
    ["residual network of photographs", () => resnet({ depth: 18, width: 2, random: createRandom(0) })],
    ["vision transformer", () => vit({ imageSize: side, patchSize: 8, width: 8, layers: 1, random: createRandom(0) })],
  ])("has a gradient at every learned tensor of a %s", (_, make) => {
    tidy(() => {
      const model = detector(make(), classes, createRandom(1));
      const method = detection(model, preprocessing);
      const parameters = namedVariables(method.learned, "parameters");
      const batch = method.draw(data.train.examples.slice(0, 4), createRandom(0));
      const { gradients } = training(() => gradientsOf(() => method.loss(batch) as never, parameters));
      const idle = Object.keys(gradients).filter((name) => gradients[name]!.dataSync().every((value) => value === 0));
      expect(idle.filter((name) => !name.endsWith("cls_token"))).toEqual([]);
    });
  });

  it("mirrors image and boxes together", () => {
    const [first] = data.train.examples;
    const { boxes } = mirroredBoxes(first!);
    const [x, y, width, height] = first!.boxes[0]!.box;
    expect(boxes[0]!.box).toEqual([2 * side - x - width, y, width, height]);
    expect(mirroredBoxes(mirroredBoxes(first!))).toEqual(first);
  });
});
