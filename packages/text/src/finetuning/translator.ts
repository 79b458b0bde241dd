/**
 * A next-token model that was taught pairs, as it is asked: texts in, translations out.
 */
import { beamSearch } from "../generation/beam-search.js";
import { causalMemory } from "../generation/causal-memory.js";
import type { CausalModel } from "../models/token-model.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { endOf, translationPrompt } from "./translation.js";

export interface TranslatorOptions {
  /** Translations that are followed at once; 4 unless told. 1 takes the likeliest token always. */
  readonly beams?: number | undefined;
  /** A translation scores log p / length^penalty, as in Hugging Face; 1 unless told. */
  readonly lengthPenalty?: number | undefined;
  /** The longest translation in tokens, its end counted; what the model has places for unless told. */
  readonly maxTokens?: number | undefined;
}

export interface Translation {
  readonly text: string;
  /** Its score, for comparing translations of one text; null where the source leaves no place for one, and `text` is empty. */
  readonly score: number | null;
}

export interface Translator {
  translate(text: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Translation>;
  dispose(): void;
}

export const USUAL_BEAMS = 4;

export function translator(model: CausalModel, tokenizer: Tokenizer, options: TranslatorOptions = {}): Translator {
  const { beams = USUAL_BEAMS, lengthPenalty = 1, maxTokens = Number.POSITIVE_INFINITY } = options;
  const memory = causalMemory(model);
  const stopAt = endOf(tokenizer);
  return {
    async translate(text, { signal } = {}) {
      const prompt = translationPrompt(text.trim(), tokenizer);
      const room = model.encoder.maxLength - prompt.length + 1; // the last token is not read again
      if (room < 2) return { text: "", score: null };
      const asked = { beams, lengthPenalty, stopAt, maxTokens: Math.min(maxTokens, room), signal };
      const [best] = await beamSearch(memory, prompt, asked);
      const ids = best!.ids.filter((id) => id !== stopAt && id < tokenizer.vocabularySize);
      return { text: tokenizer.decode(ids).trim(), score: best!.score };
    },
    dispose: memory.dispose,
  };
}
