/**
 * Translation by next tokens: a source text, a separator, its translation, an end. Only what stands behind the separator is learned.
 *
 * Radford et al. 2018, "Improving language understanding by generative pre-training", section 3.3: inputs as one sequence with delimiters.
 */
import type { TranslationPair } from "../documents/open-translations.js";
import type { TokenWindow } from "../examples/examples.js";
import type { CausalModel } from "../models/token-model.js";
import { nextToken } from "../next-token.js";
import type { TextMethod } from "../text-method.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";

/** Next tokens, of which those of the source do not count. */
export function translation(
  model: CausalModel,
): TextMethod<TokenWindow, ReturnType<ReturnType<typeof nextToken>["draw"]>> {
  return { ...nextToken(model), name: "translation" };
}

export type TranslationTokenizer = Pick<Tokenizer, "encode" | "special">;

/** source, separator, target, end: the separator predicts the target's first token, its last one the end. */
export function translationWindow(
  { source, target }: Pick<TranslationPair, "source" | "target">,
  tokenizer: TranslationTokenizer,
): TokenWindow {
  const prompt = translationPrompt(source, tokenizer);
  const learned = [...tokenizer.encode(target), endOf(tokenizer)];
  const labels = new Int32Array(prompt.length - 1 + learned.length).fill(-100);
  labels.set(learned, prompt.length - 1);
  return { ids: Int32Array.from([...prompt, ...learned]), labels };
}

/** What stands before a translation. */
export function translationPrompt(source: string, { encode, special }: TranslationTokenizer): number[] {
  if (special.separator === undefined) throw lacking("separator");
  return [...encode(source), special.separator];
}

export function endOf({ special }: TranslationTokenizer): number {
  if (special.endOfText === undefined) throw lacking("end-of-text");
  return special.endOfText;
}

const lacking = (role: string) =>
  new Error(
    `translation: the tokenizer must have a ${role} token, and has none. Add one: withSeparatorAndEnd(tokenizer).`,
  );
