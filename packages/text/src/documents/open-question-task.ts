/**
 * Questions for fine-tuning: a part to learn from, and a part to be tested on.
 */
import { UsageError } from "@autodidact/core";
import type { CorruptOptions } from "./corrupt-documents.js";
import { type Question, readQuestions } from "./questions.js";

export interface QuestionTask {
  readonly train: readonly Question[];
  readonly test: readonly Question[];
  /** The questions came without a test part: those of every fifth context were set aside. */
  readonly isTestHeldOut: boolean;
}

export interface QuestionTaskOptions extends CorruptOptions {
  /** The file of the test part; without it the questions of every fifth context are held out. */
  readonly test?: string | undefined;
}

/** Files as SQuAD's. */
export async function openQuestionTask(
  path: string,
  { test, ...corrupt }: QuestionTaskOptions = {},
): Promise<QuestionTask> {
  const train = await readQuestions(path, corrupt);
  if (test !== undefined) return { train, test: await readQuestions(test, corrupt), isTestHeldOut: false };
  const contexts = [...new Set(train.map(({ context }) => context))];
  const kept = new Set(contexts.filter((_, place) => place % 5 !== 4));
  if (kept.size === contexts.length) {
    throw new UsageError(
      `openQuestionTask: ${path} must have five contexts, so that a fifth can be held out, got ${contexts.length}. Give another file to test on.`,
    );
  }
  const isKept = ({ context }: Question) => kept.has(context);
  return { train: train.filter(isKept), test: train.filter((question) => !isKept(question)), isTestHeldOut: true };
}
