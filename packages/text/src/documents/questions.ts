/**
 * Questions about a passage and their answers in it, as SQuAD's files hold them (Rajpurkar et al. 2018, https://arxiv.org/abs/1806.03822).
 */
import { readFile } from "node:fs/promises";
import { CorruptSampleError } from "@autodidact/core";
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

const file = z.object({
  data: z.array(
    z.object({
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z.array(
            z.object({
              id: z.string(),
              question: z.string(),
              answers: z.array(z.object({ text: z.string().min(1), answer_start: z.number().int().min(0) })),
              is_impossible: z.boolean().optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

type Paragraph = z.infer<typeof file>["data"][number]["paragraphs"][number];

/** A question whose answers do not stand in the context where they should is broken: passed over, unless there are many. */
export async function readQuestions(path: string, options: CorruptOptions = {}): Promise<Question[]> {
  const parsed = file.safeParse(await readJson(path));
  if (!parsed.success) {
    throw new Error(
      `readQuestions: ${path} must be as SQuAD's files are ({"data": [{"paragraphs": [{"context", "qas": [{"id", "question", "answers"}]}]}]}).\n` +
        z.prettifyError(parsed.error).split("\n").slice(0, 10).join("\n"),
      { cause: parsed.error },
    );
  }
  const paragraphs = parsed.data.data.flatMap((article) => article.paragraphs);
  const questions: Question[] = [];
  for await (const question of withoutCorrupt("readQuestions", questionsOf(paragraphs), options))
    questions.push(question);
  if (questions.length === 0) throw new Error(`readQuestions: ${path} must hold questions, got none.`);
  return questions;
}

async function* questionsOf(paragraphs: readonly Paragraph[]): AsyncGenerator<Question | CorruptSampleError> {
  for (const { context, qas } of paragraphs) {
    const isPlain = !/[\ud800-\udfff]/.test(context); // code points and UTF-16 units are the same
    for (const { id, question, answers, is_impossible } of qas) {
      const placed = (is_impossible ? [] : answers).map(({ text, answer_start }) => ({
        text,
        start: isPlain ? answer_start : unitsBefore(context, answer_start),
      }));
      const wrong = placed.find(({ text, start }) => !context.startsWith(text, start));
      if (wrong === undefined) yield { id, context, question, answers: placed };
      else yield new CorruptSampleError(id, `the context must have “${wrong.text}” at its place, it has not`);
    }
  }
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
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)));
  } catch (error) {
    throw new Error(`readQuestions: ${path} cannot be read as JSON: ${(error as Error).message}.`, { cause: error });
  }
}
