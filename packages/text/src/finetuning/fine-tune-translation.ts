/**
 * Fine-tuning for translation: what the pretrained model writes and the same from scratch, over seeds.
 */
import type { Dataset } from "@autodidact/core";
import type { TranslationPair, Translations } from "../documents/open-translations.js";
import type { TokenWindow } from "../examples/examples.js";
import { withDropout } from "../models/assemble.js";
import { loadTextEncoder } from "../models/load-text-encoder.js";
import { saveTextModel } from "../models/text-model-files.js";
import { isCausalModel } from "../models/text-model-from-config.js";
import type { CausalModel, TokenModel } from "../models/token-model.js";
import { withRows } from "../models/with-rows.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { withSeparatorAndEnd } from "../tokenizer/with-special-tokens.js";
import { type ContendersOptions, contenders, disposeModels, type FineTuningContender } from "./contenders.js";
import { drawnShare, type LabelShare } from "./drawn-share.js";
import { fineTune } from "./fine-tune.js";
import { endOf, translation, translationPrompt, translationWindow } from "./translation.js";
import { type TranslatorOptions, translator, USUAL_BEAMS } from "./translator.js";

export interface FineTunedTranslation {
  readonly contender: FineTuningContender;
  readonly seed: number;
  /** The translation of each test source; empty where the source leaves no place for one. */
  readonly found: readonly string[];
  readonly right: readonly string[];
}

/** How the model reads the pairs. */
export interface PairReading {
  /** The token between source and target, and the one behind the target, as the vocabulary spells them. */
  readonly separator: string;
  readonly end: string;
  /** Which of them were added to the tokenizer, and to the model. */
  readonly added: readonly string[];
  /** Tokens at once: a source, a target and both special tokens must fit. */
  readonly length: number;
  /** Training pairs that do not, and teach nothing. */
  readonly tooLong: readonly TranslationPair[];
  /** Test sources that leave no place for a translation. */
  readonly unread: readonly TranslationPair[];
  /** The longest translation that is written, in tokens. */
  readonly maxTokens: number;
}

export interface FineTuneTranslationOptions
  extends ContendersOptions,
    LabelShare,
    Omit<TranslatorOptions, "maxTokens"> {
  /** Called once, before anything is learned. */
  readonly onReading?: ((reading: PairReading) => void) | undefined;
}

const DROPOUT = 0.1;

/** `folder` is a run's of next-token, or Hugging Face's of GPT-2. One result after the other: for each seed both contenders. */
export async function* fineTuneTranslation(
  folder: string,
  { train, test }: Pick<Translations, "train" | "test">,
  options: FineTuneTranslationOptions = {},
): AsyncGenerator<FineTunedTranslation, void> {
  const { onProgress, onReading, signal, beams = USUAL_BEAMS, lengthPenalty = 1 } = options;
  const { tokenizer: own, model: unused } = await loadTextEncoder(folder);
  disposeModels(unused);
  assertCausal(unused);
  const { tokenizer, added } = withSeparatorAndEnd(own);
  const { windows, ...reading } = windowsOf({ train, test }, tokenizer, unused.encoder.maxLength);
  onReading?.({ ...reading, added });
  assertSome(windows, reading);
  const asked = { beams, lengthPenalty, maxTokens: reading.maxTokens };
  for await (const { contender, seed, random, model, out } of contenders(folder, options)) {
    const drawn = drawnShare(windows.length, options, seed).map((row) => windows[row]!);
    const dataset: Dataset<TokenWindow> = { length: drawn.length, get: async (index) => drawn[index]! };
    const whole = withRows(model as CausalModel, tokenizer.vocabularySize, random.split("new tokens"));
    const taught = { ...whole, ...withDropout(whole, DROPOUT) };
    await fineTune(translation(taught), dataset, {
      ...options,
      random,
      onReport: (report, steps) => onProgress?.({ contender, seed, report, steps }),
    });
    onProgress?.({ contender, seed });
    const { translate, dispose } = translator(taught, tokenizer, asked);
    const found: string[] = [];
    try {
      for (const { source } of test) found.push((await translate(source, { signal })).text);
    } finally {
      dispose();
    }
    yield { contender, seed, found, right: test.map(({ target }) => target) };
    if (out !== undefined) await saveTextModel(withAsking(taught, tokenizer, asked), tokenizer.files, out);
    disposeModels(whole);
  }
}

function assertCausal(model: TokenModel): asserts model is CausalModel {
  if (isCausalModel(model)) return;
  throw new Error(
    "fineTuneTranslation: the model must write the next token, and BERT and ALBERT do not. Take GPT-2: a run of next-token.",
  );
}

function windowsOf({ train, test }: Pick<Translations, "train" | "test">, tokenizer: Tokenizer, length: number) {
  const all = train.map((pair) => ({ pair, window: translationWindow(pair, tokenizer) }));
  const fitting = all.filter(({ window }) => window.ids.length - 1 <= length); // the end is not read
  const targetOf = ({ labels }: TokenWindow) => labels!.length - labels!.lastIndexOf(-100) - 1;
  const longest = fitting.reduce((most, { window }) => Math.max(most, targetOf(window)), 1);
  return {
    windows: fitting.map(({ window }) => window),
    separator: tokenizer.piece(tokenizer.special.separator!),
    end: tokenizer.piece(endOf(tokenizer)),
    length,
    tooLong: all.filter(({ window }) => window.ids.length - 1 > length).map(({ pair }) => pair),
    unread: test.filter(({ source }) => translationPrompt(source, tokenizer).length >= length),
    maxTokens: Math.min(length, 2 * longest),
  };
}

function assertSome(
  windows: readonly TokenWindow[],
  { tooLong, length }: Pick<PairReading, "tooLong" | "length">,
): void {
  if (windows.length > 0 && tooLong.length <= windows.length) return;
  throw new Error(
    `fineTuneTranslation: pairs must fit the ${length} tokens that the model reads at once, and ${tooLong.length} of ${tooLong.length + windows.length} do not, the first ${tooLong[0]!.id}. ` +
      "Take a model of more places (pretrain with a greater context), or cut the texts into sentences.",
  );
}

/** How it is asked goes along, under Hugging Face's names. */
function withAsking(
  model: CausalModel,
  tokenizer: Tokenizer,
  { beams, lengthPenalty, maxTokens }: Required<TranslatorOptions>,
): CausalModel {
  const asking = { num_beams: beams, length_penalty: lengthPenalty, max_new_tokens: maxTokens };
  const config = {
    ...model.config,
    eos_token_id: endOf(tokenizer),
    sep_token_id: tokenizer.special.separator,
    task_specific_params: { translation: asking },
  };
  return { ...model, config };
}
