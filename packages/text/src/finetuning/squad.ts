/**
 * Questions whose answers stand in a text: SQuAD's JSON, version 1.1 or 2.0.
 *
 * Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250; 2018, https://arxiv.org/abs/1806.03822.
 */
import { z } from "zod";

export interface Question {
  readonly id: string;
  readonly question: string;
  readonly context: string;
  /** Where in the context each answer stands, in UTF-16 units; none where the context does not say. */
  readonly answers: readonly { readonly text: string; readonly start: number }[];
}

const schema = z.object({
  data: z.array(
    z.object({
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z.array(
            z.object({
              id: z.coerce.string(),
              question: z.string(),
              answers: z.array(z.object({ text: z.string(), answer_start: z.int().min(0) })).default([]),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** `from` names the JSON in errors. */
export function readSquad(json: unknown, from: string): Question[] {
  const read = schema.safeParse(json);
  if (!read.success)
    throw new Error(`readSquad: ${from} must be as SQuAD's files are.\n${z.prettifyError(read.error)}`);
  return read.data.data.flatMap(({ paragraphs }) =>
    paragraphs.flatMap(({ context, qas }) => {
      const unitAt = unitsOfCharacters(context);
      return qas.map(({ id, question, answers }) => ({
        id,
        question,
        context,
        answers: answers.map(({ text, answer_start }) => ({ text, start: unitAt(answer_start) })),
      }));
    }),
  );
}

/** SQuAD counts characters; JavaScript counts two for those outside the basic plane. */
function unitsOfCharacters(text: string): (character: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (character) => character;
  const starts: number[] = [];
  let unit = 0;
  for (const character of text) {
    starts.push(unit);
    unit += character.length;
  }
  return (character) => starts[character] ?? unit;
}
