/**
 * The masked model on sequences that are not language: it finds the rule they were made by.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adamW, chooseEngine, createRandom, loader, namedVariables, train } from "@autodidact/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tokenize } from "./corpus/tokenize.js";
import { openDocuments } from "./documents/open-documents.js";
import { textBlocks } from "./examples/text-blocks.js";
import { maskedLm } from "./masked-lm.js";
import { measureMaskedLm } from "./measure/measure-masked.js";
import { unigramBaseline } from "./measure/unigram-baseline.js";
import { bertForMaskedLM } from "./models/bert.js";
import { bertConfig } from "./models/bert-config.js";
import { createTokenizer } from "./tokenizer/create-tokenizer.js";
import { residueVocabulary } from "./tokenizer/residue-vocabulary.js";

let folder: string;

beforeAll(async () => {
  await chooseEngine({ engine: "onnx" });
  folder = await mkdtemp(join(tmpdir(), "autodidact-residues-"));
});
afterAll(() => rm(folder, { recursive: true }));

const random = createRandom(3);

/** Bases in any order, each followed by the one it pairs with. */
function pairs(): string {
  const partner: Record<string, string> = { A: "T", T: "A", C: "G", G: "C" };
  return Array.from({ length: 15 }, () => "ACGT"[random.integer(4)]!)
    .map((base) => base + partner[base])
    .join("");
}

test("a masked model of DNA finds which base goes with which", async () => {
  const records = Array.from({ length: 400 }, (_, i) => `>made-${i}\n${pairs()}\n`);
  await writeFile(join(folder, "made.fasta"), records.join(""));
  const tokenizer = createTokenizer(residueVocabulary({ alphabet: "dna" }));
  const corpus = await tokenize(await openDocuments(join(folder, "made.fasta")), tokenizer, join(folder, "tokens"));
  const { vocabularySize: vocab_size } = tokenizer;
  const sizes = { hidden_size: 32, num_attention_heads: 2, intermediate_size: 64, max_position_embeddings: 32 };
  const model = bertForMaskedLM(bertConfig("tiny", { vocab_size, ...sizes }), random.split("model"));
  const method = maskedLm(model, tokenizer);
  const training = train({
    method,
    loader: loader(textBlocks(corpus.train, { length: 32, packed: false }), {
      batchSize: 32,
      random: random.split("data"),
    }),
    optimizer: adamW(namedVariables(method.learned, "parameters")),
    learningRate: 3e-3,
    steps: 400,
    random: random.split("masks"),
  });
  for await (const _ of training);

  const heldOut = textBlocks(corpus.validation, { length: 32, packed: false });
  const { loss } = await measureMaskedLm(model, tokenizer, heldOut, { random: random.split("held-out masks") });
  const unigram = await unigramBaseline(corpus.train, corpus.validation, vocab_size);
  expect(unigram.loss).toBeCloseTo(Math.log(4), 1); // all bases are as frequent
  expect(loss).toBeLessThan(0.6 * unigram.loss);
  training.dispose();
  await corpus.train.close();
  await corpus.validation.close();
});
