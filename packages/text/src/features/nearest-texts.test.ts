import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, expect, it } from "vitest";
import { openDocuments } from "../documents/open-documents.js";
import { bertForMaskedLM } from "../models/bert.js";
import { bertConfig } from "../models/bert-config.js";
import { saveTextModel } from "../models/text-model-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { trainCharacters } from "../tokenizer/train-characters.js";
import { nearestTexts } from "./nearest-texts.js";

const folder = useTemporaryFolder();

beforeAll(async () => {
  useTestBackend();
  const specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  const files = await trainCharacters(["abc xyz"], { specialTokens });
  const tokenizer = await createTokenizer(files);
  const sizes = { hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, max_position_embeddings: 12 };
  const config = bertConfig("tiny", { ...sizes, vocab_size: tokenizer.vocabularySize });
  await saveTextModel(bertForMaskedLM(config, createRandom(1)), tokenizer.files, folder.path("model"));
  const lines = ["abc abc", "xyz xyz", "abc abb", "abc abc"].map((text) => JSON.stringify({ text }));
  await folder.write("lines.jsonl", `${lines.join("\n")}\n`);
});

it("finds the same text first, then one of nearly the same letters, with their texts", async () => {
  const documents = await openDocuments(folder.path("lines.jsonl"));
  const found = await nearestTexts(folder.path("model"), documents, "abc abc", { count: 3 });
  expect(found.map(({ id, text }) => [id, text])).toEqual([
    ["lines.jsonl:1", "abc abc"],
    ["lines.jsonl:4", "abc abc"],
    ["lines.jsonl:3", "abc abb"],
  ]);
  expect(found[0]!.similarity).toBeCloseTo(1, 5);
});

it("leaves out what is told, and refuses a query without text and data without another", async () => {
  const documents = await openDocuments(folder.path("lines.jsonl"));
  const asked = (query: string, isLeftOut?: (id: string) => boolean) =>
    nearestTexts(folder.path("model"), documents, query, { count: 1, isLeftOut });
  const [first] = await asked("abc abc", (id) => id === "lines.jsonl:1");
  expect(first!.id).toBe("lines.jsonl:4");
  await expect(asked(" \n")).rejects.toThrow("the query must have text");
  await expect(asked("abc", () => true)).rejects.toThrow("a document beside the query");
});
