/**
 * The models that can be begun anew: Hugging Face's config.json of each, from a size and what differs from it.
 */
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { albertConfig } from "./albert-config.js";
import { bertConfig } from "./bert-config.js";
import { gpt2Config } from "./gpt2-config.js";
import type { ModelSize } from "./model-size.js";

/** What differs from a size's own; absent where nothing does. */
export interface ModelShape {
  readonly layers?: number | undefined;
  readonly width?: number | undefined;
  readonly heads?: number | undefined;
  /** The longest sequence. */
  readonly context: number;
  readonly tokenizer: Pick<Tokenizer, "vocabularySize" | "special">;
}
export type ArchitectureName = "bert" | "albert" | "gpt2";

export const architectures: Record<ArchitectureName, (size: ModelSize, shape: ModelShape) => Record<string, unknown>> =
  {
    bert: (size, shape) => bertConfig(size, bidirectionalFields(shape)),
    albert: (size, shape) => albertConfig(size, bidirectionalFields(shape)),
    gpt2: (size, { layers, width, heads, context, tokenizer: { vocabularySize, special } }) =>
      gpt2Config(size, {
        ...defined({ n_layer: layers, n_embd: width, n_head: heads }),
        n_positions: context,
        vocab_size: vocabularySize,
        bos_token_id: special.endOfText ?? null,
        eos_token_id: special.endOfText ?? null,
      }),
  };

function bidirectionalFields({ layers, width, heads, context, tokenizer: { vocabularySize, special } }: ModelShape) {
  return {
    ...defined({ num_hidden_layers: layers, hidden_size: width, num_attention_heads: heads }),
    max_position_embeddings: context,
    vocab_size: vocabularySize,
    pad_token_id: special.pad ?? 0,
  };
}

/** The fields that have a value. */
function defined<T extends object>(values: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** Tokens that a model has places for; of one to be made, as many as are wanted. */
export function placesOf(config: Readonly<Record<string, unknown>> | undefined): number {
  return Number(config?.max_position_embeddings ?? config?.n_positions ?? Infinity);
}

/** `bert of 4 layers, width 256, 4 heads` */
export function describeModel(config: Readonly<Record<string, unknown>>): string {
  const layers = config.num_hidden_layers ?? config.n_layer;
  const width = config.hidden_size ?? config.n_embd;
  const heads = config.num_attention_heads ?? config.n_head;
  return `${config.model_type} of ${layers} layers, width ${width}, ${heads} heads`;
}
