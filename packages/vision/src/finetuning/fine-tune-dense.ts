/**
 * Fine-tuning for answers about places: those of the pretrained encoder and of the same from scratch, over seeds.
 */
import { createRandom, defineModule, type Encoder, fineTune, parameterGroups } from "@autodidact/core";
import type { DenseData } from "../datasets/dense-parts.js";
import type { ImagePreprocessing } from "../encoders/image-encoder-files.js";
import { loadImageEncoder } from "../encoders/load-image-encoder.js";
import { type DenseModel, type DenseTask, saveDenseModel } from "./dense-model.js";
import { type FineTuneImagesOptions, type ImageContender, imageContenders } from "./fine-tune-images.js";
import { layerRates } from "./layer-rates.js";

/** The batch is 16 unless told, and 40 epochs: heads of places begin from nothing, and such sets are small. */
export type FineTuneDenseOptions = Omit<FineTuneImagesOptions, "labelsPerClass">;

export interface FineTunedDense<Answer> {
  readonly contender: ImageContender;
  readonly seed: number;
  readonly answer: Answer;
}

const WEIGHT_DECAY = 0.05;

/** One result after the other: for each seed both contenders. The first seed's pretrained model is kept in `out`. */
export async function* fineTuneDense<Example, Model extends DenseModel, Answer>(
  folder: string,
  data: Pick<DenseData<Example>, "train" | "test">,
  task: DenseTask<Example, Model, Answer>,
  options: FineTuneDenseOptions = {},
): AsyncGenerator<FineTunedDense<Answer>, void> {
  const { seeds = [0], out, onProgress } = options;
  for (const [place, seed] of seeds.entries()) {
    for (const contender of imageContenders) {
      const { encoder, preprocessing } = await contending(folder, contender, seed);
      const model = task.make(encoder, createRandom(seed).split("head")); // the same head for both
      await teach(model, preprocessing, { task, examples: data.train.examples, contender, seed, options });
      onProgress?.({ contender, seed });
      yield { contender, seed, answer: await task.answer(model, data.test.examples, preprocessing) };
      if (contender === "pretrained" && place === 0 && out !== undefined)
        await saveDenseModel(model, out, preprocessing);
      disposeOf(model);
    }
  }
}

/** An encoder of its own each time: fine-tuning moves it. */
async function contending(folder: string, contender: ImageContender, seed: number) {
  const { encoder, untrained, preprocessing } = await loadImageEncoder(folder);
  if (contender === "pretrained") return { encoder, preprocessing };
  disposeOf(encoder);
  return { encoder: untrained(seed), preprocessing };
}

interface Teaching<Example, Model extends DenseModel> {
  readonly task: DenseTask<Example, Model, unknown>;
  readonly examples: readonly Example[];
  readonly contender: ImageContender;
  readonly seed: number;
  readonly options: FineTuneDenseOptions;
}

async function teach<Example, Model extends DenseModel>(
  model: Model,
  preprocessing: ImagePreprocessing,
  { task, examples, contender, seed, options }: Teaching<Example, Model>,
): Promise<void> {
  const { batchSize = 16, learningRate = 1e-3, epochs = 40, layerDecay = 0.75, signal, onProgress } = options;
  const dataset = { length: examples.length, get: async (index: number) => examples[index]! };
  const head = defineModule(() => {}, { children: [["head", model.head]] });
  const decay = contender === "pretrained" ? layerDecay : 1;
  await fineTune(task.method(model, preprocessing), dataset, {
    groups: [
      ...layerRates(model.encoder, { prefix: "encoder", decay, weightDecay: WEIGHT_DECAY }),
      ...parameterGroups(head.parameters, { weightDecay: WEIGHT_DECAY }),
    ],
    epochs,
    batchSize,
    learningRate,
    random: createRandom(seed),
    signal,
    onReport: (report, steps) => onProgress?.({ contender, seed, report, steps }),
  });
}

function disposeOf({ parameters, buffers }: Pick<Encoder, "parameters" | "buffers">): void {
  for (const variable of Object.values({ ...parameters, ...buffers })) if (!variable.isDisposed) variable.dispose();
}
