/**
 * The names that Hugging Face's files gave tensors over the years, made those of today.
 */
export interface StoredNames {
  /** The prefix of the encoder's tensors; absent in files that hold the encoder alone: `bert`. */
  readonly prefix: string;
  /** How the tensors' names begin in files of the encoder alone. */
  readonly encoderBeginnings: readonly string[];
  /** What is stored again under other names; where a file has the copy alone, it is what it copies: `lm_head.weight`. */
  readonly copies: Readonly<Record<string, string>>;
  /** Copies of the embeddings and of the bias beside them, and tables of constants. */
  readonly superfluous: RegExp;
}

export const storedNames: Readonly<Record<string, StoredNames>> = {
  bert: {
    prefix: "bert",
    encoderBeginnings: ["embeddings.", "encoder.", "pooler."],
    copies: {
      "cls.predictions.decoder.weight": "bert.embeddings.word_embeddings.weight",
      "cls.predictions.decoder.bias": "cls.predictions.bias",
    },
    superfluous: /\.position_ids$|^cls\.predictions\.decoder\./,
  },
  albert: {
    prefix: "albert",
    encoderBeginnings: ["embeddings.", "encoder.", "pooler."],
    copies: {
      "predictions.decoder.weight": "albert.embeddings.word_embeddings.weight",
      "predictions.decoder.bias": "predictions.bias",
    },
    superfluous: /\.position_ids$|^predictions\.decoder\./,
  },
  gpt2: {
    prefix: "transformer",
    encoderBeginnings: ["wte.", "wpe.", "h.", "ln_f."],
    copies: { "lm_head.weight": "transformer.wte.weight" },
    superfluous: /\.attn\.(masked_)?bias$|^lm_head\.weight$/,
  },
};

/** The tensors under today's names, without those that are superfluous. */
export function underTodaysNames<T>(stored: ReadonlyMap<string, T>, names: StoredNames): Map<string, T> {
  const { prefix, encoderBeginnings, copies, superfluous } = names;
  const renamed = new Map<string, T>();
  const copied = new Map<string, T>();
  for (const [name, tensor] of withoutWrapper(stored)) {
    const today = name.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
    const full = encoderBeginnings.some((beginning) => today.startsWith(beginning)) ? `${prefix}.${today}` : today;
    if (!superfluous.test(full)) renamed.set(full, tensor);
    const original = copies[full];
    if (original !== undefined) copied.set(original, tensor);
  }
  for (const [original, tensor] of copied) if (!renamed.has(original)) renamed.set(original, tensor);
  return renamed;
}

/** What torch.compile and DistributedDataParallel put before every name. */
const WRAPPERS = ["_orig_mod.", "module."];

function* withoutWrapper<T>(stored: ReadonlyMap<string, T>): Generator<[string, T]> {
  let names = [...stored.keys()];
  for (let wrapped = true; wrapped; ) {
    const wrapper = WRAPPERS.find((prefix) => names.length > 0 && names.every((name) => name.startsWith(prefix)));
    wrapped = wrapper !== undefined;
    if (wrapper !== undefined) names = names.map((name) => name.slice(wrapper.length));
  }
  for (const [place, tensor] of [...stored.values()].entries()) yield [names[place]!, tensor];
}
