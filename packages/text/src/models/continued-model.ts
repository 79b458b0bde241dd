/**
 * What cannot come to anything whatever the text is: refused before minutes of tokenizing.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "@autodidact/core";
import { readTokenizer } from "../tokenizer/tokenizer-files.js";
import type { TokenizerKind } from "../tokenizer/train-tokenizer.js";
import type { ArchitectureName } from "./architectures.js";
import { openTextModel } from "./text-model-files.js";

/** A method, as far as it decides what can be learned. */
export interface Learning {
  readonly name: string;
  /** Which models it can learn. */
  readonly architectures: readonly ArchitectureName[];
}

type Config = Readonly<Record<string, unknown>>;

/** The config.json of what is to be continued; it must be a model that the method can learn. */
export async function continuedConfig(
  init: string,
  { name, architectures }: Learning,
): Promise<Record<string, unknown>> {
  const text = await readFile(join(init, "config.json"), "utf8").catch(() => undefined);
  if (text === undefined) {
    throw new UsageError(`\`init\` ${init} must be a Hugging Face model's folder, and it has no config.json.`);
  }
  const config = JSON.parse(text) as Record<string, unknown>;
  if (config.model_type === undefined && "method" in config) {
    throw new UsageError(`\`init\` ${init} is a run. Name the model inside it: \`init\` ${join(init, "encoder")}`);
  }
  if (architectures.some((known) => known === config.model_type)) return config;
  throw new UsageError(
    `\`init\` ${init}: ${name} learns ${architectures.join(" or ")}, and this is ${JSON.stringify(config.model_type)}.`,
  );
}

/** The hash of the weights to be continued; they and the tokenizer beside them must fit the config. */
export async function continuedWeights(init: string, { vocab_size: rows }: Config): Promise<string> {
  const { fingerprint } = await openTextModel(init);
  const { vocabularySize } = await readTokenizer(init);
  if (vocabularySize > Number(rows ?? Infinity)) {
    throw new UsageError(
      `\`init\` ${init}: the tokenizer has ${vocabularySize} pieces, and the model embeddings for ${rows}. They are not of one model.`,
    );
  }
  return fingerprint();
}

/** Each head has an equal part of the width. */
export function assertHeads(config: Config): void {
  const [width, heads] = [config.hidden_size ?? config.n_embd, config.num_attention_heads ?? config.n_head].map(Number);
  if (width! % heads! === 0) return;
  throw new UsageError(`\`heads\` must divide \`width\`, got ${heads} heads of a layer of width ${width}.`);
}

/** What the tokenizer of a run is from; the first that is told holds. */
export interface TokenizerSource {
  readonly tokenizer?: string | undefined;
  readonly init?: string | undefined;
  readonly tokenizerKind?: TokenizerKind | undefined;
}

/** What is hidden stands behind a token of its own. */
export async function assertMask(name: string, { tokenizer, init, tokenizerKind }: TokenizerSource): Promise<void> {
  const from = tokenizer ?? init;
  if (from === undefined) {
    if (tokenizerKind !== "byte-bpe") return;
    throw new UsageError(
      `\`tokenizerKind\` byte-bpe has no [MASK], and ${name} hides words behind it. Take wordpiece.`,
    );
  }
  if ((await readTokenizer(from)).special.mask !== undefined) return;
  const option = tokenizer === undefined ? "`init`" : "`tokenizer`";
  throw new UsageError(`${option} ${from}: its tokenizer has no mask token, and ${name} hides words behind it.`);
}
