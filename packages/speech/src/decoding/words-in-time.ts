/**
 * Words with their times, from labels with theirs. CTC gives a character few frames, and blanks the rest: a word lasts from its first
 * character's first frame to its last one's last.
 */
import { type CharacterVocabulary, WORD_DELIMITER } from "../finetuning/character-vocabulary.js";
import type { LabelSpan } from "./align-labels.js";

export interface TranscribedWord {
  readonly word: string;
  /** In seconds from the recording's start. */
  readonly start: number;
  readonly end: number;
  /** The mean probability of its characters at their frames, 0 to 1. */
  readonly confidence: number;
}

export interface WordsInTimeOptions {
  readonly vocabulary: CharacterVocabulary;
  /** From one frame to the next. */
  readonly secondsPerFrame: number;
  /** Of the recording: no word ends behind it. */
  readonly seconds: number;
}

export function wordsInTime(
  labels: Int32Array,
  spans: readonly LabelSpan[],
  options: WordsInTimeOptions,
): TranscribedWord[] {
  const { vocabulary, secondsPerFrame, seconds } = options;
  const delimiter = vocabulary.tokens.indexOf(WORD_DELIMITER);
  const words: TranscribedWord[] = [];
  for (let start = 0, end = 0; start < labels.length; start = end + 1) {
    end = labels.indexOf(delimiter, start);
    if (end < 0) end = labels.length;
    const [word, own] = [vocabulary.decode(labels.subarray(start, end)), spans.slice(start, end)];
    if (word === "") continue; // two delimiters in a row, or marks that are no text
    words.push({
      word,
      start: Math.min(seconds, own[0]!.start * secondsPerFrame),
      end: Math.min(seconds, own.at(-1)!.end * secondsPerFrame),
      confidence: own.reduce((sum, { probability }) => sum + probability, 0) / own.length,
    });
  }
  return words;
}
