/**
 * Fine-tuning for speech to text: transcripts of the pretrained encoder and of the same from scratch, over seeds.
 */
import {
  createRandom,
  type Dataset,
  fineTune,
  namedVariables,
  type ParameterGroup,
  parameterGroups,
  type Random,
  type TrainingReport,
} from "@autodidact/core";
import type { FeatureAugment } from "../augment/spec-augment.js";
import { transcriber } from "../decoding/transcribe.js";
import { loadSpeechEncoder } from "../encoders/load-speech-encoder.js";
import type { Sound } from "../sound.js";
import { bestWeights, type Chosen } from "./best-weights.js";
import { type CharacterVocabulary, characterVocabulary } from "./character-vocabulary.js";
import { type CtcModel, ctcModel } from "./ctc-model.js";
import { saveCtcModel } from "./ctc-model-files.js";
import { ctcTraining, fittingUtterances, type TooShort, transcriptOf, type Utterance } from "./ctc-training.js";
import { utteranceLengths } from "./utterance-lengths.js";

export const ctcContenders = ["pretrained", "from scratch"] as const;
export type CtcContender = (typeof ctcContenders)[number];

/** Recordings with transcripts, at the encoder's rate. */
export interface TranscribedData {
  readonly train: readonly Sound[];
  /** Chooses when to stop; a tenth of what is learned from is set aside for it where there is none. */
  readonly validation?: readonly Sound[] | undefined;
  readonly test: readonly Sound[];
}

export interface FineTuneCtcOptions {
  /** Draws such a share of the training recordings, above 0 to 1, anew for each seed; a larger draw of a seed holds the smaller. All unless told. */
  readonly share?: number | undefined;
  /** Of the new head, of the weights from scratch, of draws and the batches' order; each contender runs once a seed. [0] unless told. */
  readonly seeds?: readonly number[] | undefined;
  /** Passes over the recordings, of 100 steps at least; 30 unless told. */
  readonly epochs?: number | undefined;
  /** 16 unless told. */
  readonly batchSize?: number | undefined;
  /** The highest; 5e-4 unless told. */
  readonly learningRate?: number | undefined;
  /** What the encoder moves of what the head does, 0 to 1; 1 unless told. 0: the pretrained encoder stays as it is, as in SUPERB. From scratch all move alike. */
  readonly encoderRate?: number | undefined;
  /** Reads a learned weighted sum of all layers; the last layer unless told. */
  readonly allLayers?: boolean | undefined;
  /** Transcripts are lower-cased; true unless told. */
  readonly lowerCase?: boolean | undefined;
  /** The validation is transcribed so often in a training, evenly; 20 unless told. */
  readonly validations?: number | undefined;
  /** Changes features by chance while the model learns: `specAugment()`. */
  readonly augment?: FeatureAugment | undefined;
  /** A folder for the first seed's pretrained model; it is not kept unless told. */
  readonly out?: string | undefined;
  readonly onProgress?: ((progress: CtcProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CtcProgress {
  readonly contender: CtcContender;
  readonly seed: number;
  /** Undefined once it answers. */
  readonly report?: TrainingReport;
  /** The steps of the training, in all. */
  readonly steps?: number;
  /** Characters wrong of those in the validation, where it has just been transcribed. */
  readonly validation?: number;
}

export interface FineTunedCtc {
  readonly contender: CtcContender;
  readonly seed: number;
  /** What was understood of each test recording. */
  readonly found: readonly string[];
  /** What is said in it, written as the model writes. */
  readonly right: readonly string[];
  /** The step whose weights the validation liked best, and the share of its characters that were wrong. */
  readonly chosen: Chosen;
  /** Training recordings whose transcripts do not fit their frames: nothing was learned from them. */
  readonly tooShort: readonly TooShort[];
}

const WEIGHT_DECAY = 0.01;

/** `folder` is a run's or an encoder's, as `loadSpeechEncoder` takes it. One result after the other: for each seed both contenders. */
export async function* fineTuneCtc(
  folder: string,
  data: TranscribedData,
  options: FineTuneCtcOptions = {},
): AsyncGenerator<FineTunedCtc, void> {
  const { seeds = [0], out, lowerCase, onProgress } = options;
  const vocabulary = characterVocabulary(data.train.map(transcriptOf), { lowerCase });
  for (const [place, seed] of seeds.entries()) {
    for (const contender of ctcContenders) {
      const learned = drawn(data, options.share ?? 1, createRandom(seed));
      const model = await contending(folder, contender, { vocabulary, learned, seed, options });
      try {
        const taught = await teach(model, learned, { contender, seed, options });
        onProgress?.({ contender, seed });
        yield { contender, seed, ...taught, ...(await examine(model, data.test)) };
        const isKept = contender === "pretrained" && place === 0;
        if (isKept && out !== undefined) await saveCtcModel(model, out);
      } finally {
        for (const variable of Object.values({ ...model.parameters, ...model.buffers })) variable.dispose();
      }
    }
  }
}

interface Learned {
  readonly train: readonly Sound[];
  readonly validation: readonly Sound[];
}

/** The same for both contenders. Where there is no validation it comes out of what was drawn: a share of labels is all that is seen. */
function drawn({ train, validation }: TranscribedData, share: number, random: Random): Learned {
  if (!(share > 0 && share <= 1)) throw new RangeError(`fineTuneCtc: share must be above 0, to 1, got ${share}.`);
  const order = random.split("labels").permutation(train.length);
  const some = [...order.subarray(0, Math.ceil(share * train.length))].map((row) => train[row]!);
  if (validation !== undefined) return { train: some, validation };
  const apart = Math.ceil(some.length / 10);
  if (apart === some.length) {
    throw new RangeError(
      `fineTuneCtc: there must be two training recordings at least, got ${some.length}. Raise the share.`,
    );
  }
  return { train: some.slice(apart), validation: some.slice(0, apart) };
}

interface Contending {
  readonly vocabulary: CharacterVocabulary;
  readonly learned: Learned;
  readonly seed: number;
  readonly options: FineTuneCtcOptions;
}

/** A model of its own each time: fine-tuning moves it. */
async function contending(folder: string, contender: CtcContender, { vocabulary, learned, seed, options }: Contending) {
  const { encoder, untrained } = await loadSpeechEncoder(folder);
  const random = createRandom(seed).split("head"); // the same for both
  const longest = Math.max(...learned.train.map(({ samples }) => samples.length));
  const longestSeconds = Math.max(longest, encoder.shortest) / encoder.sampleRate;
  const made = { random, allLayers: options.allLayers, longestSeconds };
  if (contender === "pretrained") return ctcModel(encoder, vocabulary, made);
  for (const variable of Object.values({ ...encoder.parameters, ...encoder.buffers })) variable.dispose();
  return ctcModel(untrained(seed), vocabulary, made);
}

interface Teaching {
  readonly contender: CtcContender;
  readonly seed: number;
  readonly options: FineTuneCtcOptions;
}

/** Leaves the model with the weights that the validation liked best. */
async function teach(model: CtcModel, learned: Learned, { contender, seed, options }: Teaching) {
  const { epochs = 30, batchSize = 16, learningRate = 5e-4, validations = 20, augment, signal, onProgress } = options;
  const { fitting, tooShort } = fittingUtterances(model, learned.train);
  assertSome(fitting, tooShort);
  const encoderRate = contender === "pretrained" ? (options.encoderRate ?? 1) : 1;
  const method = ctcTraining(model, { ...placesOf(fitting, model), isFrozen: encoderRate === 0, augment });
  const best = bestWeights(model, learned.validation);
  try {
    await fineTune(method, datasetOf(fitting), {
      groups: groupsOf(model, encoderRate),
      epochs,
      batchSize,
      learningRate,
      signal,
      groupBySize: true,
      random: createRandom(seed),
      async onReport(report, steps) {
        const isLooked = report.step % Math.ceil(steps / validations) === 0 || report.step === steps;
        const validation = isLooked ? await best.look(report.step) : undefined;
        onProgress?.({ contender, seed, report, steps, ...(validation !== undefined && { validation }) });
      },
    });
    return { chosen: best.choose(), tooShort };
  } finally {
    best.dispose();
  }
}

function placesOf(utterances: readonly Utterance[], { encoder }: CtcModel) {
  const samples = utterances.map(({ sound }) => sound.samples.length);
  const labelPlaces = Math.max(1, ...utterances.map(({ labels }) => labels.length));
  return { lengths: utteranceLengths(samples, encoder), labelPlaces };
}

function groupsOf({ encoder, top }: CtcModel, encoderRate: number): ParameterGroup[] {
  const decay = { weightDecay: WEIGHT_DECAY };
  const ofHead = parameterGroups(namedVariables({ top }, "parameters"), decay);
  if (encoderRate === 0) return ofHead;
  const ofEncoder = parameterGroups(namedVariables({ encoder }, "parameters"), decay);
  return [...ofEncoder.map((group) => ({ ...group, learningRateScale: encoderRate })), ...ofHead];
}

function datasetOf(utterances: readonly Utterance[]): Dataset<Utterance> {
  return {
    length: utterances.length,
    get: async (index) => utterances[index]!,
    id: (index) => utterances[index]!.sound.id,
    size: (index) => utterances[index]!.sound.samples.length,
  };
}

async function examine(model: CtcModel, test: readonly Sound[]): Promise<Pick<FineTunedCtc, "found" | "right">> {
  const own = transcriber(model);
  try {
    const found = (await own.transcribe(test)).map(({ text }) => text);
    return { found, right: test.map((sound) => model.vocabulary.normalize(transcriptOf(sound))) };
  } finally {
    own.dispose();
  }
}

function assertSome(fitting: readonly Utterance[], tooShort: readonly TooShort[]): void {
  if (fitting.length > 0) return;
  const shown = tooShort.slice(0, 3).map(({ id, frames, needed }) => `${id}: ${needed} frames needed, ${frames} there`);
  throw new Error(
    `fineTuneCtc: a transcript must fit its recording's frames, and none of ${tooShort.length} does (${shown.join("; ")}). ` +
      "Take an encoder of more frames a second, or look whether recordings and transcripts belong together.",
  );
}
