/**
 * How much text models drop in training, by Hugging Face's fields and where Hugging Face drops it.
 */
type Config = Readonly<Record<string, unknown>>;

export interface DropoutRates {
  /** The rate of embedded tokens. */
  readonly embedded: number;
  /** The rate of the weights by which tokens look at each other. */
  readonly weights: number;
  /** The rate of what attention gives. */
  readonly attention: number;
  /** The rate of what the perceptron gives. */
  readonly perceptron: number;
}

export const noDropout: DropoutRates = { embedded: 0, weights: 0, attention: 0, perceptron: 0 };

/** The fields that fine-tuning sets, which are all that is dropped. */
const fields: Readonly<Record<string, readonly string[]>> = {
  bert: ["hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"],
  albert: ["hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout_prob"],
  gpt2: ["embd_pdrop", "resid_pdrop", "attn_pdrop"],
};

/** A config of BERT, ALBERT or GPT-2 with one rate of dropout everywhere. */
export function atRate<C extends Config>(config: C, rate: number): C {
  return { ...config, ...Object.fromEntries(fields[config.model_type as string]!.map((field) => [field, rate])) };
}
