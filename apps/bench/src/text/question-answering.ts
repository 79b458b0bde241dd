/**
 * Fine-tuning for questions on texts: exact match and F1 from the pretrained encoder and from scratch, over seeds.
 */
import { createRandom, type Dataset, type Method, type Tensors } from "@autodidact/core";
import { exactMatch, f1 } from "@autodidact/evaluate";
import {
  answerQuestions,
  type Question,
  questionAnswering,
  questionModel,
  questionWindows,
  readQuestions,
  saveTextModel,
  type Tokenizer,
} from "@autodidact/text";
import { UsageError } from "../usage-error.js";
import { type FineTuningSession, type FineTuningSettings, fineTune } from "./fine-tuning.js";
import { CONTENDERS, type ContenderName, contenderModel, disposeModels } from "./fine-tuning-contenders.js";
import { openTrainedText } from "./trained-text.js";

export interface QuestionTask {
  readonly train: readonly Question[];
  readonly test: readonly Question[];
  readonly isTestHeldOut: boolean;
}

/** Of questions without a file of their own to test on, those of every fifth context. */
export async function openQuestionTask(
  path: string,
  { test, print }: { test?: string | undefined; print(text: string): void },
): Promise<QuestionTask> {
  const onCorrupt = ({ message }: Error) => print(`skipped: ${message}`);
  const train = await readQuestions(path, { onCorrupt });
  if (test !== undefined) return { train, test: await readQuestions(test, { onCorrupt }), isTestHeldOut: false };
  const contexts = [...new Set(train.map(({ context }) => context))];
  const kept = new Set(contexts.filter((_, place) => place % 5 !== 4));
  if (kept.size === contexts.length) {
    throw new UsageError(
      `${path}: to hold a fifth out there must be five contexts, got ${contexts.length}. Give --validation dev.json.`,
    );
  }
  const isKept = ({ context }: Question) => kept.has(context);
  return { train: train.filter(isKept), test: train.filter((question) => !isKept(question)), isTestHeldOut: true };
}

export interface QuestionAnsweringOptions extends FineTuningSettings {
  readonly task: QuestionTask;
  readonly seeds: readonly number[];
  /** Where the first seed's pretrained model goes. */
  readonly out: string;
}

export interface Answered {
  readonly contender: ContenderName;
  readonly seed: number;
  /** In percent, as F1. */
  readonly exactMatch: number;
  readonly f1: number;
  readonly questions: number;
}

/** One result after the other: for each seed both contenders. */
export async function* fineTuneQuestions(
  folder: string,
  options: QuestionAnsweringOptions,
  session: Omit<FineTuningSession, "what">,
): AsyncGenerator<Answered, void> {
  const { task, seeds, out } = options;
  const { tokenizer, model, context } = await openTrainedText(folder);
  disposeModels(model);
  const cutting = { length: context, stride: Math.max(1, context >> 1), questionLength: Math.min(64, context >> 2) };
  const dataset = windowDataset(task.train, tokenizer, cutting);
  const mayBeNone = task.train.some(({ answers }) => answers.length === 0);
  const right = task.test.map(({ answers }) => answers.map(({ text }) => text));
  for (const [place, seed] of seeds.entries()) {
    const random = createRandom(seed);
    for (const contender of CONTENDERS) {
      const starting = await contenderModel(folder, contender, random);
      const marking = questionModel(starting, random.split("head"));
      const method = questionAnswering(marking, tokenizer) as unknown as Method<unknown, Tensors>;
      const what = seeds.length > 1 ? `${contender}, seed ${place + 1} of ${seeds.length}` : contender;
      await fineTune(method, dataset, options, { random, session: { ...session, what } });
      session.line.show(`${what}: answering ${task.test.length} questions`);
      const answers = await answerQuestions(marking, tokenizer, task.test, { ...cutting, mayBeNone });
      const spans = { found: task.test.map(({ id }) => answers.get(id)), right };
      yield {
        contender,
        seed,
        exactMatch: 100 * exactMatch.overall(spans),
        f1: 100 * f1.overall(spans),
        questions: right.length,
      };
      if (contender === "pretrained" && place === 0) await saveTextModel(marking, tokenizer.files, out);
      disposeModels(starting, marking);
      session.signal.throwIfAborted();
    }
  }
}

function windowDataset(
  questions: readonly Question[],
  tokenizer: Tokenizer,
  cutting: Parameters<typeof questionWindows>[2],
): Dataset<unknown> {
  const windows = questions.flatMap((question) => questionWindows(question, tokenizer, cutting));
  return { length: windows.length, get: async (index) => windows[index]! };
}
