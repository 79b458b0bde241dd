import { readFile, rm } from "node:fs/promises";
import {
  createRandom,
  createRun,
  type Encoder,
  loader,
  namedVariables,
  saveEncoder,
  sgd,
  train,
  weightsHash,
} from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { fill } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { simclrCifar10 } from "../augment/simclr-presets.js";
import { standardize } from "../augment/standardize.js";
import { type Image, stackImages } from "../image.js";
import { simclr } from "../simclr.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { saveImageEncoder, writePreprocessing } from "./image-encoder-files.js";
import { loadImageEncoder } from "./load-image-encoder.js";
import { resnet18 } from "./resnet.js";

const folder = useTemporaryFolder();
beforeAll(() => useTestBackend());

const SEED = 5;
const random = createRandom(2);
const images: Image[] = Array.from({ length: 6 }, (_, n) => ({
  id: `${n}.png`,
  pixels: Uint8Array.from({ length: 8 * 8 * 3 }, () => random.integer(256)),
  height: 8,
  width: 8,
  channels: 3,
}));
const augment = simclrCifar10({ size: 8 });

/** Two steps of a run in its folder, as the app makes them: the encoder, trained. */
async function unfinishedRun(name: string): Promise<Encoder> {
  const run = await createRun(folder.path(name), { method: "simclr", steps: 9, seed: SEED });
  await writePreprocessing(augment, run.folder);
  const seeded = createRandom(SEED);
  const encoder = resnet18({ random: seeded.split("encoder"), width: 2, stem: "cifar" });
  const method = simclr(encoder, augment, seeded.split("method"));
  const training = train({
    method,
    loader: loader({ length: 6, get: async (index) => images[index]! }, { batchSize: 4, random: seeded.split("data") }),
    optimizer: sgd(namedVariables(method.learned, "parameters")),
    learningRate: 0.1,
    steps: 9,
    random: seeded,
  });
  await training.next();
  await training.next();
  await run.checkpoints.save(await training.checkpoint());
  await training.return();
  training.dispose();
  await run.close();
  return encoder;
}

describe("loadImageEncoder", () => {
  it("loads an unfinished run's last checkpoint, and the encoder that the run began with", async () => {
    const trained = await unfinishedRun("half");
    const { encoder, preprocessing, decoding, weights, step, seed, config, untrained } = await loadImageEncoder(
      folder.path("half"),
    );
    expect(encoder.config).toEqual(trained.config);
    expect([weights, step, seed]).toEqual([await weightsHash(trained), 2, SEED]);
    expect(config).toEqual({ method: "simclr", steps: 9, seed: SEED });
    expect(preprocessing).toEqual({ size: 8, statistics: augment.statistics });
    expect(decoding).toEqual({ size: 8, channels: 3 });
    const began = resnet18({ random: createRandom(SEED).split("encoder"), width: 2, stem: "cifar" });
    expect(await weightsHash(untrained())).toBe(await weightsHash(began));
    expect(await weightsHash(untrained(6))).not.toBe(await weightsHash(began));
  });

  it("loads a finished run, and its encoder's folder alone", async () => {
    const trained = await unfinishedRun("whole");
    await saveImageEncoder(trained, folder.path("whole/encoder"), augment);
    const run = await loadImageEncoder(folder.path("whole"));
    const alone = await loadImageEncoder(folder.path("whole/encoder"));
    expect([run.step, run.seed, alone.step, alone.seed, alone.config]).toEqual([9, SEED, 0, 0, undefined]);
    expect([run.weights, alone.weights]).toEqual(Array(2).fill(await weightsHash(trained)));
    expect(alone.preprocessing).toEqual(run.preprocessing);
  });

  it("gives features of standardised images, of the untrained encoder too", async () => {
    const loaded = await loadImageEncoder(folder.path("whole"));
    const { statistics } = loaded.preprocessing;
    for (const encoder of [loaded.encoder, loaded.untrained()]) {
      const extract = loaded.extractor(encoder, { batchSize: 4 });
      const { values, count, size } = await extract(images);
      expect([count, size]).toEqual([6, 16]);
      const expected = encoder(standardize(stackImages(images), statistics)).dataSync();
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 4);
      });
      extract.dispose();
    }
  });

  it("tells an old checkpoint, which does not say what encoder it is of, to go on", async () => {
    const run = await createRun(folder.path("old"), { method: "simclr" });
    await run.checkpoints.save({ step: 1, tensors: {}, state: {} });
    await run.close();
    await expect(loadImageEncoder(run.folder)).rejects.toThrow("must say which encoder it is of, and it is too old to");
  });

  it("loads folders of before, whose model_type was resnet, and refuses Hugging Face's own by that name", async () => {
    const trained = await unfinishedRun("former");
    await saveImageEncoder(trained, folder.path("former/encoder"), augment);
    const path = "former/encoder/config.json";
    const config = JSON.parse(await readFile(folder.path(path), "utf8"));
    expect(config.model_type).toBe("autodidact_resnet"); // Python's AutoModel knows none and says so
    await rm(folder.path("former/encoder/SHA256SUMS")); // those of before have none
    await folder.write(path, JSON.stringify({ ...config, model_type: "resnet" }));
    const loaded = await loadImageEncoder(folder.path("former/encoder"));
    expect([loaded.weights, loaded.encoder.config]).toEqual([await weightsHash(trained), config]);
    await folder.write(path, JSON.stringify({ model_type: "resnet", hidden_sizes: [64], depths: [2] }));
    await expect(loadImageEncoder(folder.path("former/encoder"))).rejects.toThrow("a ResNet of Hugging Face's names");
  });

  it("refuses weights that are no numbers: a head on them would answer by chance", async () => {
    const trained = await unfinishedRun("nan");
    const { "layer1.0.conv1.weight": weight } = trained.parameters;
    weight!.assign(fill(weight!.shape, Number.NaN));
    await saveImageEncoder(trained, folder.path("nan/encoder"), augment);
    await expect(loadImageEncoder(folder.path("nan"))).rejects.toThrow(
      "must hold finite numbers, and holds NaN at place 0",
    );
  });

  it("wants to know how images are prepared", async () => {
    const encoder = resnet18({ random: createRandom(1), width: 2, stem: "cifar" });
    await saveEncoder(encoder, folder.path("bare"));
    await expect(loadImageEncoder(folder.path("bare"))).rejects.toThrow("must hold a preprocessor_config.json");
    const { preprocessing } = await loadImageEncoder(folder.path("bare"), { preprocessing: augment });
    expect(preprocessing.size).toBe(8);
    await expect(loadImageEncoder(folder.path("nothing"))).rejects.toThrow("must hold a run");
  });
});
