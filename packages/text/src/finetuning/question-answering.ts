/**
 * Extractive question answering: where in a text the answer begins and ends.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, section 4.2.
 */
import { compileStep, crossEntropy, type Method } from "@autodidact/core";
import { add, dispose, div, type Scalar, type Tensor1D, type Tensor2D, tensor1d, where } from "@tensorflow/tfjs-core";
import type { Question } from "../documents/questions.js";
import { type PaddedBatch, paddedBatch } from "../models/padded-batch.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { QuestionModel } from "./question-model.js";
import { type QuestionWindow, type QuestionWindowsOptions, questionWindows } from "./question-windows.js";

export type SpanBatch = PaddedBatch & {
  /** Places of the answer's first token, int32 [N]. */
  readonly start: Tensor1D;
  /** Places of its last token, int32 [N]. */
  readonly end: Tensor1D;
};

export function questionAnswering(model: QuestionModel, tokenizer: Tokenizer): Method<QuestionWindow, SpanBatch> {
  return {
    name: "question-answering",
    encoder: model.encoder,
    learned: model.parts,
    draw: (windows) => ({
      ...windowBatch(windows, model, tokenizer),
      start: tensor1d(
        windows.map(({ start }) => start),
        "int32",
      ),
      end: tensor1d(
        windows.map(({ end }) => end),
        "int32",
      ),
    }),
    loss: (batch) => {
      const { starts, ends } = marksOfText(model, batch); // [N, T] both
      return div(add(crossEntropy(starts, batch.start), crossEntropy(ends, batch.end)), 2) as Scalar;
    },
  };
}

export interface AnswerOptions extends QuestionWindowsOptions {
  /** Longest answer in tokens; 30 in the authors' script. */
  answerLength?: number;
  batchSize?: number;
  /** Whether "" may be the answer, as in SQuAD 2.0: where [CLS] is likelier than any span. No unless told. */
  mayBeNone?: boolean;
}

/** A span of a question's context. */
export interface FoundAnswer {
  /** "" where there is none. */
  readonly text: string;
  /** Its place in the context, in UTF-16 units; 0 and 0 where there is none. */
  readonly start: number;
  readonly end: number;
  /** The scores of its first and last token, added: logits, for comparing answers to one question. */
  readonly score: number;
  /** Among all that might have been answered, 0 to 1. */
  readonly probability: number;
}

/** The best span of each question's context, by question id. */
export async function answerQuestions(
  model: QuestionModel,
  tokenizer: Tokenizer,
  questions: readonly Question[],
  options: AnswerOptions = {},
): Promise<Map<string, string>> {
  const answers = await findAnswers(model, tokenizer, questions, options);
  return new Map(Array.from(answers, ([id, { text }]) => [id, text]));
}

/** The same with their places and scores. */
export async function findAnswers(
  model: QuestionModel,
  tokenizer: Tokenizer,
  questions: readonly Question[],
  options: AnswerOptions = {},
): Promise<Map<string, FoundAnswer>> {
  const { answerLength = 30, batchSize = 16, mayBeNone = false, ...cutting } = options;
  const length = Math.min(cutting.length ?? 384, model.encoder.maxLength);
  const windows = questions.flatMap((question) => questionWindows(question, tokenizer, { ...cutting, length }));
  const step = compileStep(({ batch }: { batch: PaddedBatch }) => marksOfText(model, batch));
  const spans = new Map(questions.map(({ id }) => [id, [] as Span[]]));
  try {
    for (let from = 0; from < windows.length; from += batchSize) {
      const part = windows.slice(from, from + batchSize);
      const batch = windowBatch(part, model, tokenizer);
      const marks = await step({ batch });
      const [starts, ends] = (await Promise.all([marks.starts.data(), marks.ends.data()])) as Float32Array[];
      const width = batch.ids.shape[1];
      for (const [row, window] of part.entries()) {
        const own = (values: Float32Array) => values.subarray(row * width, (row + 1) * width);
        spans.get(window.question.id)!.push(bestSpan(own(starts!), own(ends!), window, answerLength));
      }
      dispose([batch, marks]);
    }
  } finally {
    step.dispose();
  }
  return new Map([...spans].map(([id, found]) => [id, answerOf(found, mayBeNone)]));
}

function answerOf(spans: readonly Span[], mayBeNone: boolean): FoundAnswer {
  const best = spans.reduce((best, span) => (span.score > best.score ? span : best));
  // A part that has the answer denies that there is none.
  const none = spans.reduce((least, span) => Math.min(least, span.none), Number.POSITIVE_INFINITY);
  const all = spans.reduce((total, span) => logOfSum(total, span.all), mayBeNone ? none : Number.NEGATIVE_INFINITY);
  const isNone = (mayBeNone && none > best.score) || best.text === "";
  const { text, start, end, score } = isNone ? { text: "", start: 0, end: 0, score: none } : best;
  const probability = score > all ? 1 : Math.exp(score - all); // nothing else could be answered in an empty context
  return { text, start, end, score, probability };
}

/** log(eᵃ + eᵇ) */
function logOfSum(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log(Math.exp(a - most) + Math.exp(b - most));
}

interface Span extends Omit<FoundAnswer, "probability"> {
  /** log Σ exp of the scores of all spans of the part. */
  readonly all: number;
  /** The score of [CLS]. */
  readonly none: number;
}

/** The likeliest first and last token within the context, in this order and not too far apart. */
function bestSpan(starts: Float32Array, ends: Float32Array, window: QuestionWindow, answerLength: number): Span {
  const { firstLength: offset, placed, question } = window;
  const none = starts[0]! + ends[0]!;
  assertScores(starts, ends, question);
  let [score, first, last] = [Number.NEGATIVE_INFINITY, 0, 0];
  let all = Number.NEGATIVE_INFINITY;
  for (let start = 0; start < placed.ids.length; start += 1) {
    for (let end = start; end < Math.min(placed.ids.length, start + answerLength); end += 1) {
      const sum = starts[offset + start]! + ends[offset + end]!;
      all = logOfSum(all, sum);
      if (sum > score) [score, first, last] = [sum, start, end];
    }
  }
  const [start, end] = placed.ids.length === 0 ? [0, 0] : [placed.starts[first]!, placed.ends[last]!];
  return { text: question.context.slice(start, end), start, end, score, all, none };
}

/** Nothing is greater than NaN: the first word would be the answer. */
function assertScores(starts: Float32Array, ends: Float32Array, { id }: Question): void {
  if (!starts.some(Number.isNaN) && !ends.some(Number.isNaN)) return;
  throw new RangeError(
    `answerQuestions: scores of tokens must be numbers, got NaN for question ${id}. Look for NaN in the weights.`,
  );
}

function windowBatch(windows: readonly QuestionWindow[], model: QuestionModel, tokenizer: Tokenizer): PaddedBatch {
  return paddedBatch(windows, { maxLength: model.encoder.maxLength, pad: tokenizer.special.pad, hasPairs: true });
}

/** Marks of tokens; padding has no chance. */
function marksOfText(model: QuestionModel, batch: PaddedBatch): { starts: Tensor2D; ends: Tensor2D } {
  const { starts, ends } = model.mark(batch);
  if (!("seen" in batch)) return { starts, ends };
  return { starts: where(batch.seen, starts, -1e9), ends: where(batch.seen, ends, -1e9) };
}
