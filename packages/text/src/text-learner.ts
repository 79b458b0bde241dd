/**
 * What learns from text: its tokens, the method on its model, and a look at documents held out.
 */

import {
  adamW,
  createRandom,
  type Dataset,
  type Learner,
  loader,
  type Method,
  namedVariables,
  type Place,
  parameterGroups,
  type Schedule,
  type Tensors,
  type Watched,
} from "@autodidact/core";
import type { Corpus } from "./corpus/corpus.js";
import type { SplitCorpus } from "./corpus/corpus-cache.js";
import { closeCorpus, describeCorpus } from "./corpus/prepared-text.js";
import { assertBothKinds, describeBalance } from "./examples/balance.js";
import type { ExampleKind } from "./examples/examples.js";
import { type Examples, type ExamplesOptions, examplesOf } from "./examples/examples-of.js";
import { type HeldOut, type HeldOutOptions, heldOutMeasure } from "./measure/held-out-measure.js";
import { unigramBaseline } from "./measure/unigram-baseline.js";
import { type Beginning, initialModel } from "./models/initial-model.js";
import { saveTextModel } from "./models/text-model-files.js";
import type { TokenModel } from "./models/token-model.js";
import type { Tokenizer } from "./tokenizer/tokenizer.js";

/** Batches in a look at what is held out, and in the last one. */
const LOOK_BATCHES = 8;
const LAST_BATCHES = 100;
/** A run is saved twenty times, and at least so often. */
const SAVE_EVERY = 500;
/** BERT's authors cut their corpus into other pairs ten times. */
const MOST_DUPLICATES = 10;

export interface TextLearnerOptions extends Beginning {
  readonly tokenizer: Tokenizer;
  /** What the method learns from. */
  readonly examples: ExampleKind;
  /** Blocks are filled across documents; else each is of one document. */
  readonly packed: boolean;
  /** All pieces of a word are hidden at a look at what is held out, or none. */
  readonly wholeWords: boolean;
  /** Tokens a sequence. */
  readonly context: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: Schedule;
  readonly weightDecay: number;
  /** β₁ and β₂ of AdamW. */
  readonly betas: readonly [number, number];
  /** Bound of the gradients' norm; null: none. */
  readonly clipNorm: number | null;
  readonly seed: number;
  make(model: TokenModel): Method<never, Tensors>;
}

/** Owns the corpus from here on: its `dispose` closes it. */
export async function textLearner(corpus: SplitCorpus, options: TextLearnerOptions, place: Place): Promise<Learner> {
  const { tokenizer, steps, batchSize, context, learningRate, clipNorm, wholeWords, seed } = options;
  const random = createRandom(seed);
  const cutting = { kind: options.examples, length: context, packed: options.packed, tokenizer };
  const duplicates = passesOver(corpus.train, options);
  const examples = examplesOf(corpus.train, { ...cutting, duplicates, random: random.split("pairs") });
  assertBothKinds(examples);
  for (const said of [describeCorpus(corpus), describeBalance(examples)])
    if (said !== undefined) place.line.print(said);

  const model = await initialModel(options, place, random.split("model"));
  const method = options.make(model) as Method<unknown, Tensors>;
  const groups = parameterGroups(namedVariables(method.learned, "parameters"), options);
  const drawn = { batchSize, groupBySize: examples.isRagged, random: random.split("data") };
  const asked = { ...cutting, random: random.split("held-out pairs"), every: true };
  const measured = { tokenizer, wholeWords, seed, batchSize };
  const { watch, dispose } = await watchHeldOut(model, corpus, { asked, measured, place });

  return {
    method,
    steps,
    loader: loader(examples.dataset, drawn),
    random: random.split("training"),
    optimizer: adamW(groups, { betas: options.betas }),
    learningRate,
    clipNorm: clipNorm ?? undefined,
    saveEvery: Math.max(1, Math.min(SAVE_EVERY, Math.ceil(steps / 20))),
    pace: { unit: "tokens", perSample: examples.isRagged ? meanSize(examples.dataset) : context },
    watch,
    save: (folder) => saveTextModel(model, tokenizer.files, folder),
    async dispose() {
      dispose();
      await closeCorpus(corpus);
    },
  };
}

/** How often the run goes over the corpus. */
function passesOver({ tokens }: Corpus, { steps, batchSize, context }: TextLearnerOptions): number {
  const passes = Math.ceil((steps * batchSize * context) / Math.max(1, tokens));
  return Math.max(1, Math.min(MOST_DUPLICATES, passes));
}

/** Tokens an example, without padding; of a thousand spread over the data. */
function meanSize({ length, size = () => 1 }: Dataset<unknown>): number {
  const count = Math.min(length, 1000);
  const sizes = Array.from({ length: count }, (_, i) => size(Math.floor((i * length) / count)));
  return sizes.reduce((sum, own) => sum + own, 0) / count;
}

interface Watching {
  readonly asked: ExamplesOptions;
  readonly measured: Omit<HeldOutOptions, "bytesPerToken"> & { readonly batchSize: number };
  readonly place: Place;
}

/** The loss on what was held out, beside that of token frequencies alone; sees nothing where nothing was. */
async function watchHeldOut(
  model: TokenModel,
  { train, validation }: SplitCorpus,
  { asked, measured, place: { line, signal } }: Watching,
): Promise<Pick<Learner, "watch"> & { dispose(): void }> {
  let examples: Examples;
  try {
    if (validation.tokens < 2) throw new Error("no text is held out");
    examples = examplesOf(validation, asked);
  } catch (error) {
    line.print(`held-out loss: none, ${(error as Error).message}`);
    return { watch: async () => undefined, dispose: () => {} };
  }
  const { loss: unigramLoss } = await unigramBaseline(train, validation, measured.tokenizer.vocabularySize);
  const bytesPerToken = validation.bytes / validation.tokens;
  const { measure, dispose } = heldOutMeasure(model, examples, { ...measured, bytesPerToken });
  return {
    async watch({ isLast }) {
      if (signal.aborted) return undefined;
      const limit = (isLast ? LAST_BATCHES : LOOK_BATCHES) * measured.batchSize;
      try {
        return watched(await measure({ limit, signal }), unigramLoss);
      } catch (error) {
        if (signal.aborted) return undefined; // the run is saved all the same
        throw error;
      }
    },
    dispose,
  };
}

function watched({ loss, accuracy, bitsPerByte, relation }: HeldOut, unigramLoss: number): Watched {
  const metrics: Record<string, number> = { heldOutLoss: loss, heldOutAccuracy: accuracy, unigramLoss };
  let shown = `held-out ${loss.toFixed(3)} (unigram ${unigramLoss.toFixed(3)})`;
  if (relation !== undefined) {
    const chance = Math.max(relation.share, 1 - relation.share);
    metrics.heldOutPairLoss = relation.loss;
    metrics.heldOutPairAccuracy = relation.accuracy;
    metrics.heldOutPairChance = chance;
    shown += `  pairs ${percent(relation.accuracy)} (chance ${percent(chance)})`;
  }
  if (bitsPerByte !== undefined) metrics.heldOutBitsPerByte = bitsPerByte;
  return { metrics, shown };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The figures at the end of a run, beside what needs no model. */
export function describeHeldOut(metrics: Readonly<Record<string, number>>): string {
  const { heldOutLoss, heldOutAccuracy, unigramLoss, heldOutBitsPerByte, heldOutPairAccuracy, heldOutPairChance } =
    metrics;
  const bits = heldOutBitsPerByte === undefined ? "" : `, ${heldOutBitsPerByte.toFixed(3)} bits a byte`;
  const pairs =
    heldOutPairAccuracy === undefined
      ? ""
      : ` Pairs told apart: ${percent(heldOutPairAccuracy)}; chance ${percent(heldOutPairChance!)}.`;
  return `Held out: loss ${heldOutLoss!.toFixed(4)} nats a token${bits}, ${percent(heldOutAccuracy!)} right; token frequencies alone: ${unigramLoss!.toFixed(4)}.${pairs}`;
}
