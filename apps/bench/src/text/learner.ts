/**
 * What learns from text: its tokens, the method on its model, and a look at documents held out.
 */
import {
  adamW,
  createRandom,
  type Dataset,
  loader,
  type Method,
  namedVariables,
  parameterGroups,
  type Tensors,
} from "@autodidact/core";
import {
  type Corpus,
  type Examples,
  type ExamplesOptions,
  examplesOf,
  type HeldOut,
  type HeldOutOptions,
  heldOutMeasure,
  readTokenizer,
  type SplitCorpus,
  saveTextModel,
  type TokenModel,
  unigramBaseline,
} from "@autodidact/text";
import type { Learner, Watched } from "../learner.js";
import { scheduleOf } from "../learning-options.js";
import type { Place } from "../modality.js";
import type { TextCard } from "./card.js";
import { initialModel } from "./initial-model.js";
import { assertBothKinds, describeBalance, describeCorpus, reopenTokens, tokenizerFolder } from "./prepared-text.js";
import { type TextSettings, textMethods } from "./settings.js";

/** Batches in a look at what is held out, and in the last one. */
const LOOK_BATCHES = 8;
const LAST_BATCHES = 100;
/** A run is saved twenty times, and at least so often. */
const SAVE_EVERY = 500;
/** BERT's authors cut their corpus into other pairs ten times. */
const MOST_DUPLICATES = 10;

/** `dataPath`: where the data is now, if it has moved since the run began. */
export async function textLearner(
  settings: TextSettings,
  place: Place,
  dataPath = settings.data.path,
): Promise<Learner> {
  const { method: name, data, steps, batchSize, context, optimizer, clipNorm, wholeWords, seed } = settings;
  const { line } = place;
  const card: TextCard = textMethods[name];
  const random = createRandom(seed);
  const tokenizer = await readTokenizer(tokenizerFolder(place.folder));
  const corpus = await reopenTokens(tokenizer, { ...data, path: dataPath, cache: settings.cache, ...place });
  const cutting = { kind: card.examples, length: context, packed: data.packed, tokenizer };
  const duplicates = passesOver(corpus.train, settings);
  const examples = examplesOf(corpus.train, { ...cutting, duplicates, random: random.split("pairs") });
  assertBothKinds(examples);
  for (const said of [describeCorpus(corpus), describeBalance(examples)]) if (said !== undefined) line.print(said);

  const model = await initialModel(settings, place, random.split("model"));
  const method = card.make({ model, tokenizer, options: settings as never }) as Method<unknown, Tensors>;
  const groups = parameterGroups(namedVariables(method.learned, "parameters"), optimizer);
  const drawn = { batchSize, groupBySize: examples.isRagged, random: random.split("data") };
  const asked = { ...cutting, random: random.split("held-out pairs"), every: true };
  const measured = { tokenizer, wholeWords, seed, batchSize };
  const { watch, dispose } = await watchHeldOut(model, corpus, { asked, measured, place });

  return {
    method,
    steps,
    loader: loader(examples.dataset, drawn),
    random: random.split("training"),
    optimizer: adamW(groups, { betas: optimizer.betas }),
    learningRate: scheduleOf(settings),
    clipNorm: clipNorm ?? undefined,
    saveEvery: Math.max(1, Math.min(SAVE_EVERY, Math.ceil(steps / 20))),
    pace: { unit: "tokens", perSample: examples.isRagged ? meanSize(examples.dataset) : context },
    watch,
    save: (folder) => saveTextModel(model, tokenizer.files, folder),
    async dispose() {
      dispose();
      await corpus.train.close();
      await corpus.validation.close();
    },
  };
}

/** How often the run goes over the corpus. */
function passesOver({ tokens }: Corpus, { steps, batchSize, context }: TextSettings): number {
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
