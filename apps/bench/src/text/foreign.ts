/**
 * Texts before somebody else's encoder.
 */

import { extractorOf } from "@autodidact/core";
import type { ForeignEncoder } from "@autodidact/evaluate";
import { openOnnxTexts } from "@autodidact/text";
import { type MeasuredEncoder, measuredForeign, type OpenedForeign } from "../foreign/measured-encoder.js";
import { loadTransformers, transformersModel } from "../foreign/transformers.js";

type Decoding = Readonly<Record<never, never>>;

interface TokenizedTexts {
  /** [N, T] */
  readonly attention_mask: { readonly data: BigInt64Array };
}

const BATCH = 16;
const MOST_TOKENS = 512;

export async function foreignTexts(foreign: ForeignEncoder): Promise<MeasuredEncoder<string, Decoding>> {
  if (foreign.folder !== undefined) return measuredForeign(foreign, await openTransformers(foreign));
  return measuredForeign(foreign, { ...(await openOnnxTexts(foreign.file, foreign.told)), decoding: {} });
}

/** Texts are cut to as many tokens as the tokenizer says, at most 512 unless told. */
async function openTransformers(foreign: ForeignEncoder): Promise<OpenedForeign<string, Decoding>> {
  const transformers = await loadTransformers();
  const tokenizer = await transformers.AutoTokenizer.from_pretrained(foreign.folder!, { local_files_only: true });
  const { weights, config, features, release } = await transformersModel(foreign, transformers);
  const { maxTokens = Math.min(MOST_TOKENS, tokenizer.model_max_length ?? MOST_TOKENS) } = foreign.told;
  const encode = tokenizer as unknown as (texts: readonly string[], options: object) => Promise<TokenizedTexts>;
  const embed = async (texts: readonly string[]) => {
    const inputs = await encode([...texts], { padding: true, truncation: true, max_length: maxTokens });
    return features(inputs, inputs.attention_mask.data);
  };
  return {
    decoding: {},
    weights,
    config: { ...config, maxTokens },
    extractor: () => extractorOf(embed, { batchSize: BATCH, dispose: () => void release() }),
  };
}
