import { chooseEngine, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Question } from "../documents/questions.js";
import { bertForMaskedLM } from "../models/bert.js";
import { saveTextModel } from "../models/text-model-files.js";
import { smallBert } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { trainCharacters } from "../tokenizer/train-characters.js";
import type { FineTuningProgress } from "./contenders.js";
import { type FineTuneClassesOptions, type FineTunedClasses, fineTuneClasses } from "./fine-tune-classes.js";
import { fineTuneQuestions } from "./fine-tune-questions.js";
import { loadFineTuned } from "./load-fine-tuned.js";
import { loadQuestionModel } from "./question-model.js";
import { loadSequenceClassifier } from "./sequence-classifier.js";

const folder = useTemporaryFolder();
const specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
beforeAll(async () => {
  await chooseEngine({ engine: "onnx" }); // a thousand steps: the reference would take minutes
  const tokenizer = createTokenizer(await trainCharacters(["abcd ?"], { specialTokens }));
  const model = bertForMaskedLM({ ...smallBert, vocab_size: tokenizer.vocabularySize }, createRandom(1));
  await saveTextModel(model, tokenizer.files, folder.path("model"));
});

/** Texts of one letter or another. */
const part = (examples: string[]) => ({
  examples,
  labels: Int32Array.from(examples, (text) => Number(text.includes("b"))),
  hash: "sha256:",
});
const data = {
  classes: ["a", "b"],
  train: part(["aa", "bb", "aca", "bcb", "ac", "bc"]),
  test: part(["aaa", "bbb", "ca", "cb"]),
  isTestHeldOut: false,
};
const learning = { epochs: 1, batchSize: 4, learningRate: 0.02 };

async function fineTuned(options: FineTuneClassesOptions): Promise<FineTunedClasses[]> {
  const results: FineTunedClasses[] = [];
  for await (const result of fineTuneClasses(folder.path("model"), data, { ...learning, ...options }))
    results.push(result);
  return results;
}

afterAll(async () => void (await useTestBackend()));

describe("fineTuneClasses", () => {
  it("measures both contenders for each seed, keeps the first pretrained one, and leaves no tensor", async () => {
    const before = memory().numTensors;
    const progress: FineTuningProgress[] = [];
    const out = folder.path("classifier");
    const results = await fineTuned({ seeds: [0, 1], out, labelsPerClass: 2, onProgress: (one) => progress.push(one) });
    expect(results.map(({ contender, seed }) => `${contender} ${seed}`)).toEqual([
      "pretrained 0",
      "from scratch 0",
      "pretrained 1",
      "from scratch 1",
    ]);
    expect(results.filter(({ accuracy }) => accuracy === 1).length).toBeGreaterThan(1); // one letter decides
    expect(memory().numTensors).toBe(before);
    expect(progress[99]).toMatchObject({ contender: "pretrained", seed: 0, report: { step: 100 }, steps: 100 });
    expect(progress[100]).toEqual({ contender: "pretrained", seed: 0 }); // it answers
    const tokenizer = createTokenizer(await trainCharacters(["abcd ?"], { specialTokens }));
    expect((await loadSequenceClassifier(out, tokenizer, createRandom(1))).classes).toEqual(["a", "b"]);

    const loaded = await loadFineTuned(out);
    if (loaded.kind !== "classes") throw new Error("it is a classifier");
    const shares = await loaded.predict(data.test.examples);
    expect(shares.map((share) => Number(share[1]! > share[0]!))).toEqual([...results[0]!.labels]); // as when it was measured
    expect(shares[0]![0]! + shares[0]![1]!).toBeCloseTo(1, 5);
    loaded.dispose();
    await expect(loadFineTuned(folder.path("model"))).rejects.toThrow('its config.json says ["BertForMaskedLM"]');
  });

  it("is the same for the same seeds, and stops when told", async () => {
    const [one, two] = [await fineTuned({}), await fineTuned({})];
    expect(one).toEqual(two);
    const stopped = new AbortController();
    const stop = () => stopped.abort(new Error("by hand"));
    await expect(fineTuned({ signal: stopped.signal, onProgress: stop })).rejects.toThrow("by hand");
  });
});

describe("fineTuneQuestions", () => {
  it("measures both contenders and keeps the pretrained one", async () => {
    const questions: Question[] = Array.from({ length: 4 }, (_, n) => ({
      id: String(n),
      question: "a?",
      context: n % 2 === 0 ? "b a c" : "c a b",
      answers: [{ text: "a", start: 2 }],
    }));
    const task = { train: questions, test: questions, isTestHeldOut: false };
    const before = memory().numTensors;
    const names: string[] = [];
    for await (const result of fineTuneQuestions(folder.path("model"), task, {
      ...learning,
      out: folder.path("answers"),
    })) {
      names.push(result.contender);
      expect(result.found).toHaveLength(4);
      expect(result.right).toEqual([["a"], ["a"], ["a"], ["a"]]);
    }
    expect(names).toEqual(["pretrained", "from scratch"]);
    expect(memory().numTensors).toBe(before);
    expect(await loadQuestionModel(folder.path("answers"), createRandom(1))).toHaveProperty("mark");

    const loaded = await loadFineTuned(folder.path("answers"));
    if (loaded.kind !== "answers") throw new Error("it answers");
    const { text, start, end, score } = await loaded.answer("b a c", "a?");
    expect(text).toBe("b a c".slice(start, end));
    expect(Number.isFinite(score)).toBe(true);
  });
});
