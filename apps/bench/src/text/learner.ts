/**
 * What learns from text: its tokens, the method on its model, and the loss on documents held out.
 */

import {
  adamW,
  createRandom,
  loader,
  type Method,
  namedVariables,
  parameterGroups,
  type Random,
  type Tensors,
  warmupCosineSchedule,
} from "@autodidact/core";
import {
  loadTextModel,
  readTokenizer,
  saveTextModel,
  type Tokenizer,
  type TokenModel,
  textModelFromConfig,
} from "@autodidact/text";
import { exists } from "../free-folder.js";
import type { Learner, Watched } from "../learner.js";
import type { Place } from "../modality.js";
import { type TextMethod, textMethods } from "../registry.js";
import { describeBalance, examplesOf } from "./examples.js";
import { type HeldOutLoss, heldOutLoss } from "./held-out-loss.js";
import { describeCorpus, reopenTokens, tokenizerFolder } from "./prepared-text.js";
import type { TextSettings } from "./settings.js";
import { unigramLoss } from "./unigram.js";

/** Batches in a look at the held-out loss; at the end all are taken, up to the second number. */
const LOOK_BATCHES = 8;
const LAST_BATCHES = 200;
/** A run is saved twenty times, and at least so often. */
const SAVE_EVERY = 500;

/** `dataPath`: where the data is now, if it has moved since the run began. */
export async function textLearner(
  settings: TextSettings,
  place: Place,
  dataPath = settings.data.path,
): Promise<Learner> {
  const { method: name, data, steps, batchSize, context, optimizer, warmup, clipNorm, seed } = settings;
  const { line, signal } = place;
  const definition: TextMethod = textMethods[name];
  const random = createRandom(seed);
  const tokenizer = await readTokenizer(tokenizerFolder(place.folder));
  const corpus = await reopenTokens(tokenizer, { ...data, path: dataPath, cache: settings.cache, ...place });
  line.print(describeCorpus(corpus));
  const examples = examplesOf(corpus.train, settings, { tokenizer, random: random.split("pairs") });
  if (examples.labelCounts !== undefined) line.print(describeBalance(examples.labelCounts, name));

  const model = await initialModel(settings, random.split("model"), line.print);
  const masking = { wholeWords: settings.wholeWords };
  const method = definition.make({ model, tokenizer, masking }) as Method<unknown, Tensors>;
  const groups = parameterGroups(namedVariables(method.learned, "parameters"), optimizer);
  const batches = loader(examples.dataset, {
    ...{ batchSize, groupBySize: examples.isRagged, random: random.split("data") },
  });
  const look = await lookAtHeldOut(settings, { corpus, tokenizer, method, random, signal, line });

  return {
    ...{ method, steps, loader: batches, random: random.split("training") },
    optimizer: adamW(groups, { betas: optimizer.betas }),
    learningRate: warmupCosineSchedule({
      ...{ learningRate: optimizer.learningRate, steps, warmupSteps: Math.floor(warmup * steps) },
    }),
    ...(clipNorm !== null && { clipNorm }),
    saveEvery: Math.max(1, Math.min(SAVE_EVERY, Math.ceil(steps / 20))),
    pace: { unit: "tokens", perSample: context },
    watch: look.watch,
    save: (folder) => saveTextModel(model, tokenizer.files, folder),
    async dispose() {
      look.dispose();
      await corpus.train.close();
      await corpus.validation.close();
    },
  };
}

/** The model that the run begins with. */
async function initialModel(
  { init, model, method }: TextSettings,
  random: Random,
  print: (text: string) => void,
): Promise<TokenModel> {
  const { heads } = textMethods[method];
  if (init === null || !(await exists(init))) return textModelFromConfig(model, random, { heads });
  const loaded = await loadTextModel(init, random, { heads });
  if (loaded.fresh.length > 0) print(`new, for ${init} does not have them: ${loaded.fresh.join(", ")}`);
  return loaded.model;
}

interface Looking extends Pick<Place, "line" | "signal"> {
  readonly corpus: Awaited<ReturnType<typeof reopenTokens>>;
  readonly tokenizer: Tokenizer;
  readonly method: Method<unknown, Tensors>;
  readonly random: Random;
}

/** The loss on what was held out, beside the unigram's; nothing where nothing was. */
async function lookAtHeldOut(
  settings: TextSettings,
  { corpus, tokenizer, method, random, signal, line }: Looking,
): Promise<Pick<Learner, "watch"> & { dispose(): void }> {
  const measured = heldOutOf(settings, { corpus, tokenizer, method, random, line });
  if (measured === undefined) return { watch: async () => undefined, dispose: () => {} };
  const baseline = await unigramLoss(corpus.train, corpus.validation, tokenizer.vocabularySize);
  return {
    async watch({ isLast }): Promise<Watched | undefined> {
      const loss = await measured(isLast ? LAST_BATCHES : LOOK_BATCHES, signal);
      if (loss === undefined) return undefined;
      return {
        metrics: { heldOutLoss: loss, unigramLoss: baseline },
        shown: `held-out ${loss.toFixed(4)} (unigram ${baseline.toFixed(2)})`,
      };
    },
    dispose: measured.dispose,
  };
}

function heldOutOf(
  settings: TextSettings,
  { corpus: { validation }, tokenizer, method, random, line }: Omit<Looking, "signal">,
): HeldOutLoss | undefined {
  try {
    if (validation.tokens < 2) return undefined;
    const { dataset } = examplesOf(validation, settings, {
      tokenizer,
      random: random.split("held-out pairs"),
      once: true,
    });
    return heldOutLoss(method, dataset, { batchSize: settings.batchSize, random: random.split("held-out") });
  } catch (error) {
    line.print(`no held-out loss: ${(error as Error).message}`); // too few documents for a pair
    return undefined;
  }
}
