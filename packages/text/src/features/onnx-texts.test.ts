import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OnnxGraph, onnxFile } from "@autodidact/core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readTokenizer } from "../tokenizer/tokenizer-files.js";
import { openOnnxTexts } from "./onnx-texts.js";

const pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ..."abcdefgh"];
const tokenizer = {
  version: "1.0",
  added_tokens: pieces.slice(0, 5).map((content, id) => ({
    id,
    content,
    special: true,
    normalized: false,
    single_word: false,
    lstrip: false,
    rstrip: false,
  })),
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: null,
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
  },
};

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeFile(at("tokenizer.json"), JSON.stringify(tokenizer));
});
afterEach(() => rm(folder, { recursive: true }));

/** Each id has the state [id, id²]. */
function squares(vocabularySize: number, ...more: string[]): OnnxGraph {
  const values = Float32Array.from({ length: 2 * vocabularySize }, (_, i) => (i >> 1) ** (1 + (i % 2)));
  return {
    inputs: ["input_ids", ...more].map((name) => ({ name, type: "int64", shape: ["n", "t"] })),
    outputs: [{ name: "last_hidden_state", type: "float32", shape: ["n", "t", 2] }],
    weights: [{ name: "table", shape: [vocabularySize, 2], values }],
    nodes: [{ type: "Gather", inputs: ["table", "input_ids"], output: "last_hidden_state" }],
  };
}

it("averages states over the tokens of each text, without its padding", async () => {
  const { encode, special, vocabularySize } = await readTokenizer(folder);
  await writeFile(at("model.onnx"), onnxFile(squares(vocabularySize, "attention_mask", "token_type_ids")));
  const { extractor, config } = await openOnnxTexts(at("model.onnx"), { batchSize: 2, maxTokens: 6 });
  expect(config).toMatchObject({ model_type: "onnx", pooling: "mean", maxTokens: 6 });
  const texts = ["a", "a b c d e f g h", ""];
  const extract = extractor();
  const { values, count, size } = await extract(texts);
  extract.dispose();
  expect([count, size]).toEqual([3, 2]);
  for (const [n, text] of texts.entries()) {
    const ids = [special.classification!, ...encode(text).subarray(0, 4), special.separator!];
    const mean = (of: (id: number) => number) => ids.reduce((sum, id) => sum + of(id), 0) / ids.length;
    expect(values[2 * n]).toBeCloseTo(
      mean((id) => id),
      4,
    );
    expect(values[2 * n + 1]! / mean((id) => id * id)).toBeCloseTo(1, 5);
  }
});

it("takes the first token's states where it is told to", async () => {
  const { special, vocabularySize } = await readTokenizer(folder);
  await writeFile(at("model.onnx"), onnxFile(squares(vocabularySize)));
  const { extractor } = await openOnnxTexts(at("model.onnx"), { pooling: "first" });
  expect([...(await extractor()(["a", "b"])).values]).toEqual(
    [0, 1].flatMap(() => [special.classification, special.classification! ** 2]),
  );
});

it("cuts texts where the files beside the model say", async () => {
  await writeFile(at("model.onnx"), onnxFile(squares(4)));
  await writeFile(at("config.json"), JSON.stringify({ max_position_embeddings: 24 }));
  await writeFile(at("tokenizer_config.json"), JSON.stringify({ model_max_length: 1e30 }));
  expect((await openOnnxTexts(at("model.onnx"))).config.maxTokens).toBe(24);
});

it("refuses a model that asks for what nobody fills in", async () => {
  await writeFile(at("model.onnx"), onnxFile(squares(4, "position_ids")));
  await expect(openOnnxTexts(at("model.onnx"))).rejects.toThrow("it takes input_ids (int64), position_ids (int64)");
});
