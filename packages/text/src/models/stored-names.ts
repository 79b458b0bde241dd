/**
 * The names that Hugging Face's files gave tensors over the years, made those of today.
 */
export interface StoredNames {
  /** The prefix of the encoder's tensors; absent in files that hold the encoder alone: `bert`. */
  readonly prefix: string;
  /** How the tensors' names begin in files of the encoder alone. */
  readonly encoderBeginnings: readonly string[];
  /** Copies of the embeddings and of the bias beside them, and tables of constants. */
  readonly superfluous: RegExp;
}

export const storedNames: Readonly<Record<string, StoredNames>> = {
  bert: {
    prefix: "bert",
    encoderBeginnings: ["embeddings.", "encoder.", "pooler."],
    superfluous: /\.position_ids$|^cls\.predictions\.decoder\./,
  },
  albert: {
    prefix: "albert",
    encoderBeginnings: ["embeddings.", "encoder.", "pooler."],
    superfluous: /\.position_ids$|^predictions\.decoder\./,
  },
  gpt2: {
    prefix: "transformer",
    encoderBeginnings: ["wte.", "wpe.", "h.", "ln_f."],
    superfluous: /\.attn\.(masked_)?bias$|^lm_head\.weight$/,
  },
};

/** The tensors under today's names, without those that are superfluous. */
export function underTodaysNames<T>(stored: ReadonlyMap<string, T>, names: StoredNames): Map<string, T> {
  const { prefix, encoderBeginnings, superfluous } = names;
  const renamed = new Map<string, T>();
  for (const [name, tensor] of stored) {
    const today = name.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
    const full = encoderBeginnings.some((beginning) => today.startsWith(beginning)) ? `${prefix}.${today}` : today;
    if (!superfluous.test(full)) renamed.set(full, tensor);
  }
  return renamed;
}
