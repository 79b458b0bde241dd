import { chooseEngine, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bertForMaskedLM } from "../models/bert.js";
import { gpt2LMHeadModel } from "../models/gpt2.js";
import { saveTextModel } from "../models/text-model-files.js";
import { smallBert, smallGpt2 } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { trainCharacters } from "../tokenizer/train-characters.js";
import { fineTuneClasses } from "./fine-tune-classes.js";
import { fineTuneQuestions } from "./fine-tune-questions.js";
import { fineTuneTokens, type SentenceReading } from "./fine-tune-tokens.js";
import { fineTuneTranslation, type PairReading } from "./fine-tune-translation.js";
import { loadFineTuned } from "./load-fine-tuned.js";

const folder = useTemporaryFolder();
const specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
beforeAll(async () => {
  await chooseEngine({ engine: "onnx" });
  const tokenizer = createTokenizer(await trainCharacters(["abcd ?"], { specialTokens }));
  const model = bertForMaskedLM({ ...smallBert, vocab_size: tokenizer.vocabularySize }, createRandom(1));
  await saveTextModel(model, tokenizer.files, folder.path("model"));
});
afterAll(async () => void (await useTestBackend()));

describe("loadFineTuned", () => {
  it("gives of classes the probabilities by which fine-tuning answered", async () => {
    const part = (examples: string[]) => ({
      examples,
      labels: Int32Array.from(examples, (text) => Number(text.includes("b"))),
      hash: "sha256:",
    });
    const [train, test] = [part(["aa", "bb", "aca", "bcb", "ac", "bc"]), part(["aaa", "bbb", "ca", "cb"])];
    const data = { classes: ["a", "b"], train, test, isTestHeldOut: false };
    const out = folder.path("classifier");
    const answered: Int32Array[] = [];
    const learning = { epochs: 1, batchSize: 4, learningRate: 0.02, out };
    for await (const { labels } of fineTuneClasses(folder.path("model"), data, learning)) answered.push(labels);

    const before = memory().numTensors;
    const model = await loadFineTuned(out);
    if (model.kind !== "classes") throw new Error("not classes");
    expect(model.classes).toEqual(["a", "b"]);
    const shares = await model.predict(test.examples);
    expect(shares.map((share) => Number(share[1]! > share[0]!))).toEqual([...answered[0]!]);
    for (const [a, b] of shares) expect(a! + b!).toBeCloseTo(1, 5);
    const [alone] = await model.predict([test.examples[2]!]);
    expect(alone![0]).toBeCloseTo(shares[2]![0]!, 5);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it("gives answers with their place and probability", async () => {
    const questions = Array.from({ length: 4 }, (_, n) => ({
      id: String(n),
      question: "a?",
      context: n % 2 === 0 ? "bb a cc" : "c a b",
      answers: [{ text: "a", start: n % 2 === 0 ? 3 : 2 }],
    }));
    const task = { train: questions, test: questions, isTestHeldOut: false };
    const out = folder.path("answers");
    const learning = { epochs: 60, batchSize: 4, learningRate: 0.02, out };
    for await (const _ of fineTuneQuestions(folder.path("model"), task, learning));

    const model = await loadFineTuned(out);
    if (model.kind !== "answers") throw new Error("not answers");
    const { text, start, end, probability } = await model.answer("bb a cc", "a?");
    expect([text, start, end]).toEqual(["a", 3, 4]);
    expect(probability).toBeGreaterThan(0.5);
    expect(probability).toBeLessThanOrEqual(1);
    model.dispose();
  });

  it("gives a label for each word, as fine-tuning answered, of sentences of any length", async () => {
    const sentence = (words: string[], n: number) => ({
      id: `a.conll:${n}`,
      words,
      labels: words.map((word) => (word.startsWith("b") ? "B-X" : "O")),
    });
    const train = [
      ["a", "bb", "c"],
      ["bd", "ab"],
      ["ca", "b"],
      ["ab", "ba", "cab", "bc", "aa", "dd", "bb", "a"],
    ].map(sentence);
    const test = [
      ["ac", "ba"],
      ["b", "db", "a"],
    ].map(sentence);
    const out = folder.path("labels");
    const [answered, readings]: [(readonly (readonly string[])[])[], SentenceReading[]] = [[], []];
    const learning = {
      epochs: 1,
      batchSize: 4,
      learningRate: 0.02,
      out,
      onReading: (one: SentenceReading) => readings.push(one),
    };
    const data = { train, test, labels: ["B-X", "O"], units: "words" } as const;
    for await (const { labels } of fineTuneTokens(folder.path("model"), data, learning)) answered.push(labels);
    expect(readings).toEqual([{ length: 16, parted: 1, cutWords: 0, isTornApart: false }]);
    const right = answered[0]!.flat().filter((label, place) => label === test.flatMap(({ labels }) => labels)[place]);
    expect(right.length).toBeGreaterThanOrEqual(4); // of 5: the first letter decides

    const before = memory().numTensors;
    const model = await loadFineTuned(out);
    if (model.kind !== "labels") throw new Error("not labels");
    expect([model.classes, model.wordsIn("a bb, c")]).toEqual([
      ["B-X", "O"],
      ["a", "bb", ",", "c"],
    ]);
    const found = await model.label(test.map(({ words }) => words));
    expect(found.map(({ labels }) => Array.from(labels, (label) => model.classes[label]))).toEqual(answered[0]);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it("writes translations, as fine-tuning did, by as many beams", async () => {
    const tokenizer = createTokenizer(await trainCharacters(["abcd"]));
    const gpt2 = gpt2LMHeadModel(
      { ...smallGpt2, vocab_size: tokenizer.vocabularySize, initializer_range: 0.1 },
      createRandom(1),
    );
    await saveTextModel(gpt2, tokenizer.files, folder.path("gpt2"));
    const pair = (source: string, n: number) => ({
      id: `pairs.tsv:${n}`,
      source,
      target: source.endsWith("a") ? "c" : "dd", // its last letter, in another script
    });
    const train = ["a", "b", "ab", "ba", "aa", "bb", "aab", "aba", "baa", "abb", "aaa", "bba", "a".repeat(15)].map(
      pair,
    );
    const test = ["bab", "b", "a".repeat(16)].map(pair);
    const out = folder.path("translations");
    const readings: PairReading[] = [];
    const answered: (readonly string[])[] = [];
    const learning = {
      epochs: 150,
      batchSize: 12,
      learningRate: 0.02,
      out,
      beams: 2,
      onReading: (one: PairReading) => readings.push(one),
    };
    for await (const { found } of fineTuneTranslation(folder.path("gpt2"), { train, test }, learning))
      answered.push(found);
    expect(readings).toMatchObject([
      { separator: "[SEP]", end: "<|endoftext|>", added: ["[SEP]", "<|endoftext|>"], length: 16, maxTokens: 6 },
    ]);
    expect(readings[0]!.tooLong).toEqual([train[12]]);
    expect(readings[0]!.unread).toEqual([test[2]]);
    expect(answered[0]).toEqual(["dd", "dd", ""]);

    const before = memory().numTensors;
    const model = await loadFineTuned(out);
    if (model.kind !== "translations") throw new Error("not translations");
    expect((await model.translate("bab")).text).toBe(answered[0]![0]);
    model.dispose();
    expect(memory().numTensors).toBe(before);
    await expect(loadFineTuned(folder.path("gpt2"))).rejects.toThrow('its config.json says ["GPT2LMHeadModel"]');
    const ofBert = fineTuneTranslation(folder.path("model"), { train, test });
    await expect(ofBert.next()).rejects.toThrow("BERT and ALBERT do not");
  });
});
