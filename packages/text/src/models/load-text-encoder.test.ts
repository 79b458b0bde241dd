import { createRandom, createRun, loader, namedVariables, sgd, train, weightsHash } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { bert } from "../bert.js";
import type { SentencePair } from "../examples/examples.js";
import { smallBert } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { writeTokenizer } from "../tokenizer/tokenizer-files.js";
import { trainCharacters } from "../tokenizer/train-characters.js";
import { bertForPreTraining } from "./bert.js";
import { loadTextEncoder } from "./load-text-encoder.js";
import { saveTextModel } from "./text-model-files.js";
import type { PairModel } from "./token-model.js";

const folder = useTemporaryFolder();
beforeAll(() => useTestBackend());

const SEED = 5;
const tokens = async () =>
  createTokenizer(await trainCharacters(["abc "], { specialTokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] }));
const pairs: SentencePair[] = [0, 1, 0].map((label, n) => ({
  first: Int32Array.of(5, 6, 7 + (n % 2)),
  second: Int32Array.of(8, 6),
  label: label as 0 | 1,
}));

/** A step of a run in its folder, as the app makes it: the model, trained. */
async function unfinishedRun(name: string, config: object): Promise<PairModel> {
  const tokenizer = await tokens();
  const run = await createRun(folder.path(name), { steps: 9, seed: SEED, ...config });
  await folder.write(`${name}/tokenizer/here`, "");
  await writeTokenizer(tokenizer.files, folder.path(`${name}/tokenizer`));
  const random = createRandom(SEED);
  const model = bertForPreTraining(described(), random.split("model"));
  const method = bert(model, tokenizer);
  const training = train({
    method,
    loader: loader({ length: 3, get: async (index) => pairs[index]! }, { batchSize: 3, random: random.split("data") }),
    optimizer: sgd(namedVariables(method.learned, "parameters")),
    learningRate: 0.1,
    steps: 9,
    random,
  });
  await training.next();
  await run.checkpoints.save(await training.checkpoint());
  await training.return();
  training.dispose();
  await run.close();
  return model;
}

const described = () => ({ ...smallBert, vocab_size: 9 });

describe("loadTextEncoder", () => {
  it("loads an unfinished run's last checkpoint with its heads, and the model that the run began with", async () => {
    const trained = await unfinishedRun("half", { context: 12, model: described() });
    const { model, encoder, weights, step, seed, context, config, untrained } = await loadTextEncoder(
      folder.path("half"),
    );
    expect(Object.keys(model.parameters).sort()).toEqual(Object.keys(trained.parameters).sort());
    expect(await weightsHash(model)).toBe(await weightsHash(trained));
    expect([weights, step, seed, context]).toEqual([await weightsHash(encoder), 1, SEED, 12]);
    expect(config).toMatchObject({ steps: 9, seed: SEED });
    const began = await weightsHash(bertForPreTraining(described(), createRandom(SEED).split("model")));
    expect(await weightsHash(untrained())).toBe(began);
    expect(await weightsHash(untrained(6))).not.toBe(began);
  });

  it("needs no description in config.json: the checkpoint has one", async () => {
    const trained = await unfinishedRun("bare", {});
    const { model, context } = await loadTextEncoder(folder.path("bare"));
    expect(await weightsHash(model)).toBe(await weightsHash(trained));
    expect(context).toBe(16); // the model's places
  });

  it("loads a finished run, and its encoder's folder alone, with features", async () => {
    const trained = await unfinishedRun("whole", { context: 12, model: described() });
    await saveTextModel(trained, (await tokens()).files, folder.path("whole/encoder"));
    const run = await loadTextEncoder(folder.path("whole"));
    const alone = await loadTextEncoder(folder.path("whole/encoder"));
    expect([run.step, run.context, alone.step, alone.context, alone.config]).toEqual([9, 12, 0, 16, undefined]);
    expect(run.weights).toBe(alone.weights);
    const texts = ["abc", "c a b"];
    const features = await run.extractor()(texts);
    expect([features.count, features.size]).toEqual([2, 8]);
    expect(features.values).toEqual((await alone.extractor()(texts)).values);
    expect(features.values).not.toEqual((await run.extractor(run.untrained().encoder)(texts)).values);
  });

  it("says what is wrong with a run's settings", async () => {
    await unfinishedRun("odd", { context: "long" });
    await expect(loadTextEncoder(folder.path("odd"))).rejects.toThrow('must be a whole number above 0, got "long"');
    await expect(loadTextEncoder(folder.path("nothing"))).rejects.toThrow("must hold a run");
  });
});
