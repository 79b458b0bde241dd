import { assignVariables, createRandom, crossEntropy } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import { bertForMaskedLM, bertForPreTraining } from "../models/bert.js";
import { gpt2LMHeadModel } from "../models/gpt2.js";
import { loadTextModel, saveTextModel } from "../models/text-model-files.js";
import { textModelFromConfig } from "../models/text-model-from-config.js";
import { classifiedBatch } from "../testing/classified-batch.js";
import { expectClose, expectLossAndGradients, readOracle } from "../testing/oracle.js";
import { smallBert, smallGpt2 } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { classifyTexts, sequenceClassification } from "./sequence-classification.js";
import { loadSequenceClassifier, sequenceClassifier } from "./sequence-classifier.js";

const tokenizer = toyTokenizer(23);
const classes = ["low", "high"];
const here = useTemporaryFolder();

/** Low tokens, or high ones. */
const texts = [0, 1, 2, 3, 4, 5].map((n) => ({
  ids: Int32Array.from({ length: 6 + n }, (_, i) => (n % 2 === 0 ? 5 : 14) + ((n + i) % 9)),
  label: n % 2,
}));

const models = {
  BERT: (random = createRandom(1)) => bertForPreTraining(smallBert, random),
  "BERT without a pooler": (random = createRandom(1)) => bertForMaskedLM(smallBert, random),
  "GPT-2": (random = createRandom(1)) => gpt2LMHeadModel(smallGpt2, random),
};

beforeAll(useTestBackend);

describe.each(["bert-classes", "albert-classes", "gpt2-classes"])("sequenceClassifier on the case %s", (name) => {
  it("computes Hugging Face's scores, loss and gradients", async () => {
    const oracle = await readOracle(name);
    const model = textModelFromConfig(oracle.config, createRandom(0), { heads: "tokens" });
    const classifier = sequenceClassifier(model, toyTokenizer(29), {
      classes: ["a", "b", "c"],
      random: createRandom(1),
    });
    assignVariables(classifier.parameters, oracle.group("weights"), { from: name });
    const { batch, labels } = classifiedBatch(oracle);
    tidy(() => expectClose(classifier.classify(batch), oracle.numbers("output.scores"), 1e-4, "scores"));
    expectLossAndGradients(() => crossEntropy(classifier.classify(batch), labels), classifier.parameters, oracle);
    expect(classifier.config.architectures).toEqual(oracle.config.architectures);
  });
});

describe.each(Object.entries(models))("sequenceClassification of %s", (_, make) => {
  const classifierOf = (random = createRandom(1)) =>
    sequenceClassifier(make(random), tokenizer, { classes, random: random.split("head") });

  const suite = methodSuite({
    make: (random) => sequenceClassification(classifierOf(random)),
    samples: texts,
    inputs: () =>
      tensor2d(
        texts.map(({ ids }) => [...ids.subarray(0, 6)]),
        [6, 6],
        "int32",
      ),
  });
  for (const { name, run } of suite) test(name, run);

  it("says the same of a text alone and among longer ones, of an empty one and of one too long", async () => {
    const classifier = classifierOf();
    const long = Int32Array.from({ length: 50 }, (_, i) => 5 + (i % 18));
    const all = [texts[0]!.ids, new Int32Array(0), long];
    const together = await classifyTexts(classifier, all, { batchSize: 2 });
    for (const [i, text] of all.entries()) {
      const [alone] = await classifyTexts(classifier, [text]);
      expect(together[i]![0]).toBeCloseTo(alone![0]!, 5);
      expect(alone![0]! + alone![1]!).toBeCloseTo(1, 5);
    }
  });

  it("is read back, and the encoder under it", async () => {
    const classifier = classifierOf();
    const folder = here.path(
      `${classifier.config.model_type}-${Object.keys(classifier.parameters).length}-${_.length}`,
    );
    await saveTextModel(classifier, tokenizer.files, folder);
    const again = await loadSequenceClassifier(folder, tokenizer, createRandom(7));
    expect(again.classes).toEqual(classes);
    const probabilities = (of: typeof classifier) => classifyTexts(of, [texts[0]!.ids, texts[1]!.ids]);
    expect(await probabilities(again)).toEqual(await probabilities(classifier));
    const { unused } = await loadTextModel(folder, createRandom(7), { heads: "tokens" });
    expect(unused.some((name) => /^(classifier|score)\./.test(name))).toBe(true);
  });
});

describe("sequenceClassifier", () => {
  it("drops 0.1 of everything unless told, as its config says, which a reader keeps", async () => {
    const rates = (config: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(config).filter(([field]) => /dropout|pdrop/.test(field)));
    const ofBert = sequenceClassifier(models.BERT(), tokenizer, { classes, random: createRandom(1) });
    const dropped = { hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1, classifier_dropout: 0.1 };
    expect(rates(ofBert.config)).toEqual(dropped);
    await saveTextModel(ofBert, tokenizer.files, here.path("dropping"));
    const load = (options?: { dropout: number }) =>
      loadSequenceClassifier(here.path("dropping"), tokenizer, createRandom(1), options);
    expect(rates((await load()).config)).toEqual(dropped);
    expect(rates((await load({ dropout: 0 })).config).classifier_dropout).toBe(0);
    const ofGpt2 = sequenceClassifier(models["GPT-2"](), tokenizer, { classes, random: createRandom(1), dropout: 0.3 });
    expect(rates(ofGpt2.config)).toEqual({ resid_pdrop: 0.3, embd_pdrop: 0.3, attn_pdrop: 0.3 });
    expect(ofGpt2.encoder.config).toMatchObject({ attn_pdrop: 0.3 });
  });

  it("asks for two classes and for a fine-tuned folder", async () => {
    expect(() => sequenceClassifier(models.BERT(), tokenizer, { classes: ["a"], random: createRandom(1) })).toThrow(
      "two classes at least, got 1",
    );
    await saveTextModel(models.BERT(), tokenizer.files, here.path("plain"));
    await expect(loadSequenceClassifier(here.path("plain"), tokenizer, createRandom(1))).rejects.toThrow(
      "classifier.weight, classifier.bias are missing",
    );
  });
});
