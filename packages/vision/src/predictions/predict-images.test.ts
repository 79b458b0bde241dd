import { chooseEngine, createRandom, type Prediction } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cifar10Statistics } from "../augment/standardize.js";
import { readImages } from "../datasets/read-images.js";
import { vit } from "../encoders/vit.js";
import { imageClassifier, loadImageClassifier, saveImageClassifier } from "../finetuning/image-classifier.js";
import { plain } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { predictImages } from "./predict-images.js";

const folder = useTemporaryFolder();
const side = 8;

beforeAll(async () => {
  await chooseEngine({ engine: "onnx" });
  const encoder = vit({ imageSize: side, patchSize: 4, width: 8, layers: 1, random: createRandom(0) });
  const classifier = imageClassifier(encoder, ["red", "blue"], createRandom(1));
  await saveImageClassifier(classifier, folder.path("model"), { size: side, statistics: cifar10Statistics });
});
afterAll(async () => void (await useTestBackend()));

async function all(predictions: AsyncIterable<Prediction>): Promise<Prediction[]> {
  const found: Prediction[] = [];
  for await (const one of predictions) found.push(one);
  return found;
}

it("says the classes of files and of all images of a folder, as the classifier does, and names what is broken", async () => {
  await folder.write("new/1.png", await plain([200, 20, 20]).png().toBuffer());
  await folder.write("new/2.png", "no image");
  const broken: string[] = [];
  const counts: number[] = [];
  const told = {
    onCorrupt: (error: Error) => broken.push(error.message),
    onProgress: (done: number) => counts.push(done),
  };
  const below = await all(predictImages(folder.path("model"), { data: folder.path("new") }, told));
  expect([below.map(({ id }) => id), broken.length, counts]).toEqual([["1.png"], 1, [1]]);
  const named = await all(predictImages(folder.path("model"), { image: [folder.path("new/1.png")] }));
  const { predict } = await loadImageClassifier(folder.path("model"));
  const images = [];
  for await (const image of await readImages(folder.path("new"), { size: side, channels: 3, onCorrupt() {} }))
    images.push(image);
  const [shares] = await predict(images);
  for (const [one] of [below, named])
    expect(one).toMatchObject({
      kind: "class",
      probabilities: expect.arrayContaining([
        { class: "red", probability: expect.closeTo(shares![0]!, 5) },
        { class: "blue", probability: expect.closeTo(shares![1]!, 5) },
      ]),
    });
});

it("refuses files that are not there, and masks of a model of classes", async () => {
  const model = folder.path("model");
  await expect(all(predictImages(model, { image: ["none.png"] }))).rejects.toThrow("`image` none.png cannot be read");
  await expect(all(predictImages(model, { image: [], out: "masks" }))).rejects.toThrow("`out` is for masks");
});
