/**
 * Fine-tuning for questions on texts: answers of the pretrained encoder and of the same from scratch, over seeds.
 */
import type { Dataset } from "@autodidact/core";
import type { QuestionTask } from "../documents/open-question-task.js";
import { loadTextEncoder } from "../models/load-text-encoder.js";
import { saveTextModel } from "../models/text-model-files.js";
import { type ContendersOptions, contenders, disposeModels, type FineTuningContender } from "./contenders.js";
import { fineTune } from "./fine-tune.js";
import { answerQuestions, questionAnswering } from "./question-answering.js";
import { type QuestionModel, questionModel } from "./question-model.js";
import { type QuestionWindow, type QuestionWindowsOptions, questionWindows } from "./question-windows.js";

export interface FineTunedQuestions {
  readonly contender: FineTuningContender;
  readonly seed: number;
  /** The answer to each of the test questions; empty is "no answer", undefined where none was found. */
  readonly found: readonly (string | undefined)[];
  /** The answers to each test question, any of which is right. */
  readonly right: readonly (readonly string[])[];
}

/** `folder` is a run's or Hugging Face's, of BERT or ALBERT. One result after the other: for each seed both contenders. */
export async function* fineTuneQuestions(
  folder: string,
  { train, test }: QuestionTask,
  options: ContendersOptions = {},
): AsyncGenerator<FineTunedQuestions, void> {
  const { onProgress } = options;
  const { tokenizer, model: unused, context } = await loadTextEncoder(folder);
  disposeModels(unused);
  const cutting = { length: context, stride: Math.max(1, context >> 1), questionLength: Math.min(64, context >> 2) };
  const windows = train.flatMap((question) => questionWindows(question, tokenizer, cutting));
  const dataset: Dataset<QuestionWindow> = { length: windows.length, get: async (index) => windows[index]! };
  const mayBeNone = train.some(({ answers }) => answers.length === 0);
  const right = test.map(({ answers }) => answers.map(({ text }) => text));
  for await (const { contender, seed, random, model, out } of contenders(folder, options)) {
    const marking = questionModel(model, random.split("head"));
    await fineTune(questionAnswering(marking, tokenizer), dataset, {
      ...options,
      random,
      onReport: (report, steps) => onProgress?.({ contender, seed, report, steps }),
    });
    onProgress?.({ contender, seed });
    const answers = await answerQuestions(marking, tokenizer, test, { ...cutting, mayBeNone });
    yield { contender, seed, found: test.map(({ id }) => answers.get(id)), right };
    if (out !== undefined) await saveTextModel(withReading(marking, cutting, mayBeNone), tokenizer.files, out);
    disposeModels(marking);
  }
}

/** How the model was taught to read goes along, under the names of run_squad.py, where Hugging Face's configs have such. */
function withReading(
  model: QuestionModel,
  { length, stride, questionLength }: Required<QuestionWindowsOptions>,
  mayBeNone: boolean,
): QuestionModel {
  const reading = {
    max_seq_length: length,
    doc_stride: stride,
    max_query_length: questionLength,
    version_2_with_negative: mayBeNone,
  };
  return { ...model, config: { ...model.config, task_specific_params: { "question-answering": reading } } };
}
