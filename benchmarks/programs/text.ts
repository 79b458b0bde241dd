/**
 * Language models' training steps: what they cost. contenders/text.ts runs them by @autodidact/text, contenders/gpt.ts one by core alone, peers/*.py by PyTorch.
 */
export interface TextSize {
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  /** Tokens of a sequence. */
  readonly context: number;
  /** Sequences of a batch. */
  readonly batch: number;
  readonly vocabulary: number;
}

export interface MaskedLmSize extends TextSize {
  /** Masked tokens of a sequence: only they need the head. */
  readonly masked: number;
}

/** Counts as `nextTokenFlops`, with BERT's head at the masked tokens alone: a transform of width², and the vocabulary. */
export function maskedLmFlops(size: MaskedLmSize): number {
  const { width, context, batch, vocabulary, masked } = size;
  const head = batch * masked * (width ** 2 + vocabulary * width);
  return 3 * 2 * (batch * context * trunk(size) + head);
}

/** Three times the forward's products; attention's two count all pairs of tokens, hidden ones too. */
export function nextTokenFlops(size: TextSize): number {
  const { width, context, batch, vocabulary } = size;
  return 3 * 2 * batch * context * (trunk(size) + vocabulary * width);
}

/** Multiplications a token: projections, perceptrons, and attention to all tokens of its sequence. */
function trunk({ layers, width, context }: TextSize): number {
  return layers * (12 * width ** 2 + 2 * context * width);
}
