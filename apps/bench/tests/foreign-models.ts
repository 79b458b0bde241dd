/** Small encoders as other people would bring them: files of ONNX, and the folders around them that transformers.js reads. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readSafetensors } from "@autodidact/core";
import { type OnnxGraph, onnxFile, resnetGraph } from "@autodidact/core/testing";

async function writeModel(folder: string, graph: OnnxGraph, beside: Readonly<Record<string, object>>): Promise<string> {
  const file = join(folder, "onnx", "model.onnx");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, onnxFile(graph));
  for (const [name, content] of Object.entries(beside)) await writeFile(join(folder, name), JSON.stringify(content));
  return file;
}

/** The encoder of a finished run on images, a small ResNet-18. */
export async function exportRun(run: string, folder: string): Promise<string> {
  const { tensors } = await readSafetensors(join(run, "encoder/model.safetensors"));
  const file = await writeModel(folder, resnetGraph(tensors), { "config.json": { model_type: "resnet" } });
  await cp(join(run, "encoder/preprocessor_config.json"), join(folder, "preprocessor_config.json"));
  return file;
}

const WORDS = "the in was lovely awful sun rain snow wind fog london paris rome oslo cairo".split(" ");
const PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...WORDS];

const special = (token: string) => ({ id: token, ids: [PIECES.indexOf(token)], tokens: [token] });
const ofTemplate = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
const tokenizer = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: PIECES.slice(0, 5).map((content, id) => ({
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
  post_processor: {
    type: "TemplateProcessing",
    single: [ofTemplate("[CLS]"), { Sequence: { id: "A", type_id: 0 } }, ofTemplate("[SEP]")],
    pair: [],
    special_tokens: { "[CLS]": special("[CLS]"), "[SEP]": special("[SEP]") },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(PIECES.map((piece, id) => [piece, id])),
  },
};

/** Each word of `writeOpinions` has a state of its own; those that tell good from bad have long ones. */
export function writeWordModel(folder: string): Promise<string> {
  const values = Float32Array.from({ length: PIECES.length * 4 }, (_, i) => Math.sin(1 + 3 * i));
  for (const [direction, word] of ["lovely", "awful"].entries()) values[4 * PIECES.indexOf(word) + direction] = 20;
  const ids = (name: string) => ({ name, type: "int64", shape: ["n", "t"] }) as const;
  const graph: OnnxGraph = {
    inputs: ["input_ids", "attention_mask", "token_type_ids"].map(ids),
    outputs: [{ name: "last_hidden_state", type: "float32", shape: ["n", "t", 4] }],
    weights: [{ name: "table", shape: [PIECES.length, 4], values }],
    nodes: [{ type: "Gather", inputs: ["table", "input_ids"], output: "last_hidden_state" }],
  };
  const config = {
    tokenizer_class: "BertTokenizer",
    model_max_length: 64,
    pad_token: "[PAD]",
    unk_token: "[UNK]",
    cls_token: "[CLS]",
    sep_token: "[SEP]",
    mask_token: "[MASK]",
  };
  return writeModel(folder, graph, {
    "config.json": { model_type: "bert" },
    "tokenizer.json": tokenizer,
    "tokenizer_config.json": config,
  });
}

/** Frames of eight samples at 8 kHz, as a few waves hear them. */
export function writeWaveModel(folder: string): Promise<string> {
  const [channels, width] = [6, 8];
  const values = Float32Array.from({ length: channels * width }, (_, i) =>
    Math.cos((i % width) * (1 + Math.floor(i / width)) * 0.5),
  );
  const graph: OnnxGraph = {
    inputs: [{ name: "input_values", type: "float32", shape: ["n", "t"] }],
    outputs: [{ name: "last_hidden_state", type: "float32", shape: ["n", "frames", channels] }],
    weights: [
      { name: "kernels", shape: [channels, 1, width], values },
      { name: "one", shape: [1], values: BigInt64Array.of(1n) },
    ],
    nodes: [
      { type: "Unsqueeze", inputs: ["input_values", "one"], output: "waves" },
      { type: "Conv", inputs: ["waves", "kernels"], output: "filtered", ints: { strides: [4] } },
      { type: "Relu", inputs: ["filtered"], output: "heard" },
      { type: "Transpose", inputs: ["heard"], output: "last_hidden_state", ints: { perm: [0, 2, 1] } },
    ],
  };
  const prepares = { feature_extractor_type: "Wav2Vec2FeatureExtractor", sampling_rate: 8000, do_normalize: true };
  return writeModel(folder, graph, { "config.json": { model_type: "wav2vec2" }, "preprocessor_config.json": prepares });
}
