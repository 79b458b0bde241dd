/**
 * A question beside each part of a context too long to be read at once; parts overlap.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, section 4.2; the cutting is google-research/bert's run_squad.py.
 */

import type { Question } from "../documents/questions.js";
import { type TokenSequence, tokenSequence } from "../models/token-sequence.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { type PlacedTokens, placedTokens } from "./placed-tokens.js";

export interface QuestionWindow extends TokenSequence {
  readonly question: Question;
  /** Tokens of the context that the window has, from `firstLength` on. */
  readonly placed: PlacedTokens;
  /** Places of the answer's first and last token; both 0, which is [CLS], where the window does not have all of it. */
  readonly start: number;
  readonly end: number;
}

export interface QuestionWindowsOptions {
  /** The length of a window in tokens, special ones counted; 384 in the authors' script. */
  length?: number;
  /** Tokens from one part's start to the next's; 128 in the authors' script. */
  stride?: number;
  /** Longer questions are cut; 64 in the authors' script. */
  questionLength?: number;
}

/** [CLS] question [SEP] part of the context [SEP], for as many parts as it takes; the first answer is the one learned. */
export function questionWindows(
  question: Question,
  tokenizer: Tokenizer,
  options: QuestionWindowsOptions = {},
): QuestionWindow[] {
  const { length = 384, stride = 128, questionLength = 64 } = options;
  const asked = tokenizer.encode(question.question).subarray(0, questionLength);
  const context = placedTokens(tokenizer, question.context);
  const room = length - asked.length - 3;
  if (room < 1 || !(stride >= 1)) {
    throw new RangeError(
      `questionWindows: length must leave room for the context and stride be 1 at least, got length ${length}, stride ${stride} and a question of ${asked.length} tokens.`,
    );
  }
  const windows: QuestionWindow[] = [];
  for (let from = 0; ; from += Math.min(stride, room)) {
    const to = Math.min(context.ids.length, from + room);
    const placed = {
      ids: context.ids.subarray(from, to),
      starts: context.starts.subarray(from, to),
      ends: context.ends.subarray(from, to),
    };
    const sequence = tokenSequence(tokenizer.special, asked, placed.ids);
    windows.push({ ...sequence, question, placed, ...answerIn(placed, question, sequence.firstLength) });
    if (to === context.ids.length) return windows;
  }
}

function answerIn({ starts, ends }: PlacedTokens, { answers }: Question, offset: number) {
  const nowhere = { start: 0, end: 0 };
  const [answer] = answers;
  if (!answer) return nowhere;
  const [from, to] = [answer.start, answer.start + answer.text.length];
  const isWhole = starts.length > 0 && starts[0]! <= from && ends.at(-1)! >= to;
  if (!isWhole) return nowhere;
  const first = ends.findIndex((end) => end > from);
  const last = starts.findLastIndex((start) => start < to);
  return first < 0 || last < first ? nowhere : { start: offset + first, end: offset + last };
}
