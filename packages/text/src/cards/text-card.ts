/**
 * The card of a method for text: one file of this folder.
 */
import type { Method, Tensors } from "@autodidact/core";
import type { MethodCard, Options, Settled, Typed, ValuesOf } from "@autodidact/core/cards";
import type { ArchitectureName } from "../models/architectures.js";
import type { TokenModel } from "../models/token-model.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { textOptions } from "./text-options.js";

/** What is settled before the method's own options. */
export interface TextFacts {
  /** The model's architecture, as Hugging Face calls it. */
  readonly architecture: string;
  readonly context: number;
  readonly batchSize: number;
}

export interface TextMethodParts<Own extends Options> {
  readonly model: TokenModel;
  readonly tokenizer: Tokenizer;
  readonly options: ValuesOf<Own>;
}

export interface TextCard<Name extends string = string, Own extends Options = Options>
  extends MethodCard<Name, Own, TextFacts> {
  /** Which models it can learn; the first unless another is told. */
  readonly architectures: readonly ArchitectureName[];
  readonly heads: "tokens" | "pairs";
  /** What it learns from: windows have what follows predicted, the others what is hidden. */
  readonly examples: "blocks" | "windows" | "next-sentence" | "sentence-order";
  /** What is trained where no tokenizer is named. */
  readonly tokenizer: "wordpiece" | "byte-bpe";
  /** A model that can be continued, as Hugging Face calls it. */
  readonly continues: string;
  /** What holds for this method of the options that all have, where nothing is typed and another value is usual. */
  readonly usual?: Typed<typeof textOptions>;
  make(parts: TextMethodParts<Own>): Method<never, Tensors>;
}

export function textMethod<const Name extends string, Own extends Options>(
  card: TextCard<Name, Own> & Settled<Own, TextFacts>,
): TextCard<Name, Own> {
  return card;
}
