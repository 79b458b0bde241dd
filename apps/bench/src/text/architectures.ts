/**
 * The models that can be begun anew: Hugging Face's config.json of each, from a size and what differs from it.
 */
import { albertConfig, bertConfig, gpt2Config, type ModelSize, type Tokenizer } from "@autodidact/text";
import { defined } from "../defined.js";

/** What differs from a size's own; absent where nothing does. */
interface Shape {
  readonly layers?: number | undefined;
  readonly width?: number | undefined;
  readonly heads?: number | undefined;
  /** The longest sequence. */
  readonly context: number;
  readonly tokenizer: Pick<Tokenizer, "vocabularySize" | "special">;
}
export type ArchitectureName = "bert" | "albert" | "gpt2";

export const architectures: Record<ArchitectureName, (size: ModelSize, shape: Shape) => Record<string, unknown>> = {
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

function bidirectionalFields({ layers, width, heads, context, tokenizer: { vocabularySize, special } }: Shape) {
  return {
    ...defined({ num_hidden_layers: layers, hidden_size: width, num_attention_heads: heads }),
    max_position_embeddings: context,
    vocab_size: vocabularySize,
    pad_token_id: special.pad ?? 0,
  };
}

export const modelSizes = ["tiny", "mini", "small", "medium", "base"] as const satisfies readonly ModelSize[];
