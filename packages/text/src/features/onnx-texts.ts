/**
 * Texts as features of an encoder in a file of ONNX with a tokenizer.json beside it.
 */
import {
  besideOnnx,
  extractorOf,
  type FeatureExtractor,
  type FeatureTable,
  folderOfOnnx,
  type OnnxEncoder,
  type OnnxEncoderOptions,
  openOnnxEncoder,
  UsageError,
} from "@autodidact/core";
import { readTokenizer } from "../tokenizer/tokenizer-files.js";
import { asSequence } from "./text-features.js";

export interface OnnxTextsOptions extends OnnxEncoderOptions {
  /** Texts are cut to so many tokens: as many as the files beside the model say, at most 512, unless told. */
  readonly maxTokens?: number | undefined;
  /** 16 unless told. */
  readonly batchSize?: number | undefined;
}

export interface OnnxTexts {
  /** `sha256:…` of the model's file. */
  readonly weights: string;
  /** What it is, for records. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The states of each text's tokens, pooled; disposing of it releases the model. */
  extractor(): FeatureExtractor<string>;
}

const MOST_TOKENS = 512;
const IDS = "input_ids";
const SEEN = "attention_mask";
const SEGMENTS = "token_type_ids";

/** Throws where the model asks for more than ids, mask and segments. */
export async function openOnnxTexts(path: string, options: OnnxTextsOptions = {}): Promise<OnnxTexts> {
  const { batchSize = 16 } = options;
  const tokenizer = await readTokenizer(await folderOfOnnx(path, "tokenizer.json"));
  const encoder = await openOnnxEncoder(path, options);
  assertFilled(path, encoder);
  const maxTokens = options.maxTokens ?? (await longestOf(path));
  const featuresOf = (texts: readonly string[]): Promise<FeatureTable> => {
    const sequences = texts.map((text) => asSequence(tokenizer, text, maxTokens));
    const length = Math.max(...sequences.map((ids) => ids.length)); // T
    const shape = [texts.length, length];
    const ids = new BigInt64Array(texts.length * length).fill(BigInt(tokenizer.special.pad ?? 0)); // [N, T]
    const seen = new BigInt64Array(texts.length * length);
    for (const [n, sequence] of sequences.entries()) {
      ids.set(BigInt64Array.from(sequence, BigInt), n * length);
      seen.fill(1n, n * length, n * length + sequence.length);
    }
    const given: Readonly<Record<string, BigInt64Array>> = {
      [IDS]: ids,
      [SEEN]: seen,
      [SEGMENTS]: new BigInt64Array(texts.length * length),
    };
    const feeds = encoder.inputs.map(({ name }) => [name, { type: "int64", shape, data: given[name]! }] as const);
    return encoder.features(Object.fromEntries(feeds), seen);
  };
  return {
    weights: encoder.weights,
    config: { ...encoder.config, maxTokens },
    extractor: () => extractorOf(featuresOf, { batchSize, dispose: () => void encoder.release() }),
  };
}

function assertFilled(path: string, { inputs }: OnnxEncoder): void {
  const strange = inputs.find(({ name, type }) => ![IDS, SEEN, SEGMENTS].includes(name) || type !== "int64");
  if (strange === undefined && inputs.some(({ name }) => name === IDS)) return;
  const got = inputs.map(({ name, type }) => `${name} (${type})`).join(", ");
  throw new UsageError(
    `${path} must take ${IDS}, and beside it ${SEEN} and ${SEGMENTS} alone, of int64; it takes ${got}.`,
  );
}

/** What the tokenizer was told, or the places that the model has; both are often missing or boundless. */
async function longestOf(path: string): Promise<number> {
  const told = [
    (await besideOnnx(path, "tokenizer_config.json"))?.model_max_length,
    (await besideOnnx(path, "config.json"))?.max_position_embeddings,
  ].filter((count) => Number.isInteger(count) && Number(count) > 2);
  return Math.min(MOST_TOKENS, ...told.map(Number));
}
