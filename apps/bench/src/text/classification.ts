/**
 * Fine-tuning for classes of texts: accuracy from the pretrained encoder and from scratch, over seeds.
 */
import { createRandom, type Dataset, drawPerClass, type Method, type Tensors } from "@autodidact/core";
import {
  classifyTexts,
  type SequenceClassifier,
  saveTextModel,
  sequenceClassification,
  sequenceClassifier,
  type Tokenizer,
} from "@autodidact/text";
import { type FineTuningSession, type FineTuningSettings, fineTune } from "./fine-tuning.js";
import { CONTENDERS, type ContenderName, contenderModel, disposeModels } from "./fine-tuning-contenders.js";
import type { TextPart, TextTask } from "./labelled-text.js";
import { openTrainedText } from "./trained-text.js";

export interface ClassificationOptions extends FineTuningSettings {
  readonly task: TextTask;
  /** Draws so many training texts of each class, anew for each seed; all where absent. */
  readonly labelsPerClass?: number | undefined;
  readonly seeds: readonly number[];
  /** Where the first seed's pretrained classifier goes. */
  readonly out: string;
}

export interface Classification {
  readonly contender: ContenderName;
  readonly seed: number;
  /** Of the test texts. */
  readonly accuracy: number;
}

/** One result after the other: for each seed both contenders, on the same texts. */
export async function* fineTuneClasses(
  folder: string,
  options: ClassificationOptions,
  session: Omit<FineTuningSession, "what">,
): AsyncGenerator<Classification, void> {
  const { task, labelsPerClass, seeds, out } = options;
  const { tokenizer, model } = await openTrainedText(folder);
  disposeModels(model);
  const asked = task.test.texts.map(tokenizer.encode);
  for (const [place, seed] of seeds.entries()) {
    const random = createRandom(seed);
    const dataset = labelledDataset(task, tokenizer, drawn(task, labelsPerClass, seed));
    for (const contender of CONTENDERS) {
      const starting = await contenderModel(folder, contender, random);
      const { classes } = task;
      const classifier = sequenceClassifier(starting, tokenizer, { classes, random: random.split("head") });
      const method = sequenceClassification(classifier) as unknown as Method<unknown, Tensors>;
      const what = seeds.length > 1 ? `${contender}, seed ${place + 1} of ${seeds.length}` : contender;
      await fineTune(method, dataset, options, { random, session: { ...session, what } });
      session.line.show(`${what}: answering ${asked.length} texts`);
      yield { contender, seed, accuracy: await accuracyOf(classifier, asked, task.test) };
      if (contender === "pretrained" && place === 0) await saveTextModel(classifier, tokenizer.files, out);
      disposeModels(starting, classifier);
      session.signal.throwIfAborted();
    }
  }
}

function drawn({ train, classes }: TextTask, labelsPerClass: number | undefined, seed: number): number[] {
  if (labelsPerClass === undefined) return train.texts.map((_, row) => row);
  const labelled = { labels: train.labels, classes: classes.length };
  return drawPerClass(labelled, labelsPerClass, createRandom(seed).split("labels"));
}

function labelledDataset({ train }: TextTask, { encode }: Tokenizer, rows: readonly number[]): Dataset<unknown> {
  const samples = rows.map((row) => ({ ids: encode(train.texts[row]!), label: train.labels[row]! }));
  return { length: samples.length, get: async (index) => samples[index]! };
}

async function accuracyOf(
  classifier: SequenceClassifier,
  texts: readonly Int32Array[],
  { labels }: TextPart,
): Promise<number> {
  const shares = await classifyTexts(classifier, texts, { batchSize: Math.min(32, texts.length) });
  const right = shares.filter((share, row) => share.indexOf(Math.max(...share)) === labels[row]);
  return right.length / texts.length;
}
