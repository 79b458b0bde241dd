/**
 * Questions about a passage and their answers in it, as SQuAD's files hold them (Rajpurkar et al. 2018, https://arxiv.org/abs/1806.03822).
 */
import { readFile, stat } from "node:fs/promises";
import { CorruptSampleError, FILE_BOUNDS, parseBounded, UsageError } from "@autodidact/core";
import { z } from "zod";
import { type CorruptOptions, withoutCorrupt } from "./corrupt-documents.js";

export interface Question {
  readonly id: string;
  readonly context: string;
  readonly question: string;
  /** Each of them right; none where the context does not answer (SQuAD 2). */
  readonly answers: readonly Answer[];
}

export interface Answer {
  readonly text: string;
  /** Where it begins in the context, in UTF-16 units as JavaScript counts (the file counts code points as Python does). */
  readonly start: number;
}

const file = z.object({ data: z.array(z.unknown()) });
const article = z.object({ paragraphs: z.array(z.unknown()) });
const paragraph = z.object({ context: z.string().min(1), qas: z.array(z.unknown()) });
const asked = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  question: z.string().min(1),
  answers: z.array(z.object({ text: z.string().min(1), answer_start: z.number().int().min(0) })),
  is_impossible: z.boolean().nullish(),
});

/** Of questions that are to be answered. */
const mayLackAnswers = asked.extend({ answers: asked.shape.answers.default([]) });

export interface QuestionsOptions extends CorruptOptions {
  /** Whether questions may come without `answers`, only to be asked; they are broken unless told. */
  readonly mayLackAnswers?: boolean;
}

/** A larger file is no text that can be held at once. */
const LARGEST_FILE = 2 ** 29;

/**
 * Broken questions are named and passed over, unless there are many: one whose answers do not stand in the context where they should, or
 * that lacks something. What else a file holds of a question is left aside.
 */
export async function readQuestions(path: string, options: QuestionsOptions = {}): Promise<Question[]> {
  const parsed = file.safeParse(await readJson(path));
  if (!parsed.success) {
    throw new UsageError(
      `readQuestions: ${path} must be as SQuAD's files are ({"data": [{"paragraphs": [{"context", "qas": [{"id", "question", "answers"}]}]}]}).\n` +
        z.prettifyError(parsed.error).split("\n").slice(0, 10).join("\n"),
      { cause: parsed.error },
    );
  }
  const questions: Question[] = [];
  for await (const question of withoutCorrupt("readQuestions", questionsIn(parsed.data.data, options), options))
    questions.push(question);
  if (questions.length === 0) throw new UsageError(`readQuestions: ${path} must hold questions, got none.`);
  return questions;
}

async function* questionsIn(
  articles: readonly unknown[],
  options: QuestionsOptions,
): AsyncGenerator<Question | CorruptSampleError> {
  const schema = options.mayLackAnswers === true ? mayLackAnswers : asked;
  for (const [a, one] of articles.entries()) {
    const known = article.safeParse(one);
    if (!known.success) yield brokenAt(`data[${a}]`, known.error);
    for (const [p, paragraphOf] of (known.data?.paragraphs ?? []).entries()) {
      const place = `data[${a}].paragraphs[${p}]`;
      const { data, error } = paragraph.safeParse(paragraphOf);
      if (data === undefined) yield brokenAt(place, error);
      else for (const [q, qa] of data.qas.entries()) yield questionOf(`${place}.qas[${q}]`, data.context, qa, schema);
    }
  }
}

function questionOf(
  place: string,
  context: string,
  qa: unknown,
  schema: typeof asked | typeof mayLackAnswers,
): Question | CorruptSampleError {
  const { data, error } = schema.safeParse(qa);
  if (data === undefined) return brokenAt(nameOf(qa) ?? place, error);
  const { id, question, answers, is_impossible } = data;
  const isPlain = !/[\ud800-\udfff]/.test(context); // code points and UTF-16 units are the same
  const placed = (is_impossible ? [] : answers).map(({ text, answer_start }) => ({
    text,
    start: isPlain ? answer_start : unitsBefore(context, answer_start),
  }));
  const wrong = placed.find(({ text, start }) => !context.startsWith(text, start));
  if (wrong === undefined) return { id, context, question, answers: placed };
  return new CorruptSampleError(id, `the context must have “${wrong.text.slice(0, 200)}” at its place, it has not`);
}

/** Its id, where it has one. */
function nameOf(qa: unknown): string | undefined {
  const id = (qa as { id?: unknown } | null)?.id;
  return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
}

function brokenAt(id: string, error: z.ZodError | undefined): CorruptSampleError {
  const [issue] = error?.issues ?? [];
  return new CorruptSampleError(id, `${issue?.path.join(".") || "it"}: ${issue?.message ?? "not understood"}`);
}

/** UTF-16 units of the first `points` code points. */
function unitsBefore(text: string, points: number): number {
  let units = 0;
  for (let point = 0; point < points && units < text.length; point += 1)
    units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}

async function readJson(path: string): Promise<unknown> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new TypeError("it is a folder. Name the file in it, e.g. train.json");
    const { size } = found;
    if (size > LARGEST_FILE) throw new RangeError(`it is larger than 512 MiB`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    return parseBounded(text, FILE_BOUNDS);
  } catch (error) {
    throw new UsageError(`readQuestions: ${path} cannot be read as JSON: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
