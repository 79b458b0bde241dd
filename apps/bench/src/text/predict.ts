import {
  type FineTunedClassifier,
  type FineTunedReader,
  loadFineTuned,
  type Question,
  readQuestions,
} from "@autodidact/text";
import type { Session } from "../engine-options.js";
import { fineTunedIn, likeliest } from "../fine-tuned.js";
import type { Given, Prediction } from "../prediction.js";
import { grouped } from "../progress.js";
import { skipping } from "../skipping.js";
import { UsageError } from "../usage-error.js";
import { openAll } from "./prepared-text.js";
import { documentReadingOf } from "./reading-options.js";

const AT_ONCE = 64;

export async function* predictText(folder: string, given: Given, session: Session): AsyncGenerator<Prediction, void> {
  if (given.image !== undefined) {
    throw new UsageError(`${folder} learned from text, of which --image cannot be asked. Give --text or --data.`);
  }
  const from = await fineTunedIn(folder);
  if (from !== folder) session.line.print(`model: ${from}`);
  const model = await loadFineTuned(from);
  try {
    yield* model.kind === "classes" ? classesOf(model, from, given, session) : answersOf(model, from, given, session);
  } finally {
    model.dispose();
  }
}

async function* classesOf(
  model: FineTunedClassifier,
  folder: string,
  { text, question, data, column, typed = {} }: Given,
  { line, signal }: Session,
): AsyncGenerator<Prediction, void> {
  if (question !== undefined) {
    throw new UsageError(`${folder} was taught classes (${model.classes.join(", ")}): ask by --text or --data.`);
  }
  const texts =
    data === undefined
      ? numbered(text ?? [])
      : beginnings(await openAll(data, { ...documentReadingOf(typed), column }, line.print));
  let done = 0;
  for await (const some of inGroups(texts, AT_ONCE)) {
    signal.throwIfAborted();
    const shares = await model.predict(some.map((one) => one.text));
    for (const [row, one] of some.entries()) yield { ...one, ...likeliest(shares[row]!, model.classes) };
    done += some.length;
    line.show(`${grouped(done)} texts`);
  }
}

async function* answersOf(
  model: FineTunedReader,
  folder: string,
  { text, question, context, data }: Given,
  { line, signal }: Session,
): AsyncGenerator<Prediction, void> {
  if (text !== undefined) {
    throw new UsageError(`${folder} was taught to answer: ask by --question with --context, or --data.`);
  }
  const asked: readonly Pick<Question, "id" | "question" | "context">[] =
    data === undefined
      ? (question ?? []).map((one, place) => ({ id: String(place + 1), question: one, context: context! }))
      : await readQuestions(data, { mayLackAnswers: true, onCorrupt: skipping(line.print) });
  for (const [done, one] of asked.entries()) {
    signal.throwIfAborted();
    const { text: answer, start, end, probability } = await model.answer(one.context, one.question);
    yield { kind: "answer", id: one.id, question: one.question, answer, start, end, probability };
    line.show(`${grouped(done + 1)} of ${grouped(asked.length)} questions`);
  }
}

interface Text {
  readonly id: string;
  readonly text: string;
}

async function* numbered(texts: readonly string[]): AsyncGenerator<Text, void> {
  for (const [place, text] of texts.entries()) yield { id: String(place + 1), text };
}

/** What follows in a document is beyond what is read. */
async function* beginnings(documents: AsyncIterable<Text & { readonly continues?: true }>): AsyncGenerator<Text, void> {
  for await (const { id, text, continues } of documents) if (!continues) yield { id, text };
}

async function* inGroups<One>(all: AsyncIterable<One>, size: number): AsyncGenerator<One[], void> {
  let group: One[] = [];
  for await (const one of all) {
    group.push(one);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
