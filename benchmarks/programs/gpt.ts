/**
 * The character GPT of nanoGPT's CPU recipe: what its step costs. contenders/gpt.ts and peers/gpt.py run it.
 */
export interface GptSize {
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  /** Tokens of a sequence. */
  readonly context: number;
  /** Sequences of a batch. */
  readonly batch: number;
  /** Different characters. */
  readonly vocabulary: number;
}

/** Three times the forward products; attention's two products count all pairs of tokens, hidden ones too. */
export function gptFlops({ layers, width, context, batch, vocabulary }: GptSize): number {
  const multiplications = layers * (12 * width ** 2 + 2 * context * width) + vocabulary * width;
  return 3 * 2 * batch * context * multiplications;
}
