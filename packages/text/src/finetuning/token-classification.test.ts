import { assignVariables, createRandom } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { cast, mul, reshape, type Tensor1D, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import { albertForMaskedLM } from "../models/albert.js";
import { bertForMaskedLM } from "../models/bert.js";
import { gpt2LMHeadModel } from "../models/gpt2.js";
import { saveTextModel } from "../models/text-model-files.js";
import { textModelFromConfig } from "../models/text-model-from-config.js";
import type { TokenModel } from "../models/token-model.js";
import { expectClose, expectLossAndGradients, readOracle } from "../testing/oracle.js";
import { smallAlbert, smallBert, smallGpt2 } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { type LabelledWindow, labelWords, tokenClassification } from "./token-classification.js";
import { loadTokenClassifier, tokenClassifier } from "./token-classifier.js";
import { wordWindows } from "./word-windows.js";

const tokenizer = toyTokenizer(23);
const classes = ["O", "B-X"];
const here = useTemporaryFolder();
/** Of words that are numbers, the even ones are X. */
const sentences = [
  ["5", "8", "11"],
  ["10", "7"],
  ["6", "9", "13", "14"],
  ["20", "21", "22"],
];
const windows: LabelledWindow[] = sentences.flatMap((words) =>
  wordWindows(words, tokenizer, 16).windows.map((window) => ({
    ...window,
    labels: window.words.map((word) => 1 - (Number(words[word]) % 2)),
  })),
);
const models: Record<string, (random?: ReturnType<typeof createRandom>) => TokenModel> = {
  BERT: (random = createRandom(1)) => bertForMaskedLM(smallBert, random),
  ALBERT: (random = createRandom(1)) => albertForMaskedLM(smallAlbert, random),
};

beforeAll(useTestBackend);

describe.each(["bert-tokens", "albert-tokens"])("tokenClassifier on the case %s", (name) => {
  it("computes Hugging Face's scores, loss and gradients", async () => {
    const oracle = await readOracle(name);
    const model = textModelFromConfig(oracle.config, createRandom(0), { heads: "tokens" });
    const three = { classes: ["a", "b", "c"], random: createRandom(1), dropout: 0 };
    const classifier = tokenClassifier(model, three);
    assignVariables(classifier.parameters, oracle.group("weights"), { from: name });
    const seen = cast(oracle.tensor<Tensor2D>("batch.seen"), "bool");
    const batch = { ids: oracle.tensor<Tensor2D>("batch.ids"), seen, labels: oracle.tensor<Tensor1D>("batch.labels") };
    tidy(() => {
      const scores = mul(classifier.score(batch), reshape(cast(seen, "float32"), [...seen.shape, 1]));
      expectClose(scores, oracle.numbers("output.scores"), 1e-4, "scores");
    });
    const { loss } = tokenClassification(classifier, tokenizer);
    expectLossAndGradients(() => loss(batch) as never, classifier.parameters, oracle);
    expect(classifier.config.architectures).toEqual(oracle.config.architectures);
  });
});

describe.each(Object.entries(models))("tokenClassification of %s", (kind, make) => {
  const classifierOf = (random = createRandom(1)) =>
    tokenClassifier(make(random), { classes, random: random.split("head") });

  const suite = methodSuite({
    make: (random) => tokenClassification(classifierOf(random), tokenizer),
    samples: windows,
    inputs: () =>
      tensor2d(
        [
          [5, 8, 11],
          [10, 7, 9],
          [6, 14, 20],
        ],
        undefined,
        "int32",
      ),
  });
  if (kind === "BERT") for (const { name, run } of suite) test(name, run); // ALBERT differs in its encoder alone

  it("says the same of a sentence alone and among longer ones, and nothing of none", async () => {
    const classifier = classifierOf();
    const together = await labelWords(classifier, tokenizer, [...sentences, []], { batchSize: 3 });
    for (const [i, words] of sentences.entries()) {
      const [alone] = await labelWords(classifier, tokenizer, [words]);
      expect([...together[i]!.labels]).toEqual([...alone!.labels]);
      expect(together[i]!.probabilities[0]).toBeCloseTo(alone!.probabilities[0]!, 5);
    }
    expect(together.at(-1)!.labels).toHaveLength(0);
  });

  it("is read back by its names", async () => {
    const classifier = classifierOf();
    await saveTextModel(classifier, tokenizer.files, here.path(kind));
    const again = await loadTokenClassifier(here.path(kind), createRandom(7));
    expect(again.classes).toEqual(classes);
    expect(await labelWords(again, tokenizer, sentences)).toEqual(await labelWords(classifier, tokenizer, sentences));
  });
});

it("labels a word of a long sentence in one part alone", async () => {
  const classifier = tokenClassifier(models.BERT!(), { classes, random: createRandom(1) });
  const long = Array.from({ length: 40 }, (_, n) => String(5 + (n % 18)));
  const [found] = await labelWords(classifier, tokenizer, [long]);
  expect(found!.labels).toHaveLength(40);
  expect(Math.min(...found!.probabilities)).toBeGreaterThanOrEqual(0.5); // of two classes the likelier, each word asked
});

it("is not made of GPT-2, nor of one class, nor read where the head is missing", async () => {
  const random = createRandom(1);
  expect(() => tokenClassifier(gpt2LMHeadModel(smallGpt2, random), { classes, random })).toThrow("GPT-2 does not");
  expect(() => tokenClassifier(models.BERT!(), { classes: ["O"], random })).toThrow("two classes at least, got 1");
  await saveTextModel(models.BERT!(), tokenizer.files, here.path("plain"));
  await expect(loadTokenClassifier(here.path("plain"), random)).rejects.toThrow(
    "classifier.weight, classifier.bias are missing",
  );
});
