/**
 * A protocol's scores, over seeds, with intervals; beside them, always, the same protocol on the raw features and on the
 * encoder before it learned anything.
 */
import type { Random } from "@autodidact/core";
import { judge } from "./judge.js";
import type { Chosen, Protocol } from "./protocol.js";
import type { Scores } from "./record/schema.js";

export interface MeasureOptions<Given, Answer = unknown> {
  readonly random: Random;
  /** The seeds of heads: validation splits, drawn examples. One unless told, five where examples are drawn. */
  readonly seeds?: readonly number[] | undefined;
  /** What each seed learns from, drawn anew: `fewLabels(10)`. All of it unless told. */
  readonly draw?: ((given: Given, random: Random) => Given) | undefined;
  /** Groups of test examples that hang together: a speaker's, a document's. */
  readonly groups?: ArrayLike<number | string> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whose input it is, for errors: `the encoder`. */
  readonly whose?: string | undefined;
  /** Is told what was answered, one a seed, before it is judged. */
  readonly onAnswers?: ((answers: readonly Answer[]) => void) | undefined;
}

/** What a protocol is given, by each who is compared. */
export interface Contenders<Given> {
  readonly encoder: Given;
  /** Pixels, bag of words, mean and deviation of the log-mel spectrum. */
  readonly rawFeatures: Given;
  /** The same architecture, not trained; null where its weights cannot be drawn anew. */
  readonly randomInit: Given | null;
  /** The same architecture, trained on these labels alone. */
  readonly fromScratch?: Given;
}

/** A score a metric, of each; null where there was none to compare. */
export interface Comparison {
  readonly encoder: Scores;
  readonly rawFeatures: Scores;
  readonly randomInit: Scores | null;
  readonly fromScratch: Scores | null;
}

/** What contenders are called in errors. */
const WHOSE: Readonly<Record<keyof Comparison, string>> = {
  encoder: "the encoder",
  rawFeatures: "the raw features",
  randomInit: "the random init",
  fromScratch: "the encoder from scratch",
};

/** One score for each of the protocol's metrics, the headline first. */
export async function measure<Given, Answer extends Chosen>(
  protocol: Protocol<Given, Answer>,
  given: Given,
  options: MeasureOptions<Given, Answer>,
): Promise<Scores> {
  const {
    random,
    draw,
    seeds = draw === undefined ? [0] : [0, 1, 2, 3, 4],
    groups,
    signal,
    whose,
    onAnswers,
  } = options;
  const answers: Answer[] = [];
  for (const seed of seeds) {
    const ofSeed = random.split(`head ${seed}`);
    const learnFrom = draw === undefined ? given : draw(given, ofSeed.split("labels"));
    answers.push(await protocol.run(learnFrom, { random: ofSeed.split("protocol"), signal, whose }));
  }
  onAnswers?.(answers);
  return judge(protocol.metrics, { given, answers }, { random, seeds, groups });
}

export interface CompareOptions<Given, Answer = unknown> extends Omit<MeasureOptions<Given>, "onAnswers"> {
  /** Is told what each contender answered, one a seed, before it is judged. */
  readonly onAnswers?: ((contender: keyof Comparison, answers: readonly Answer[]) => void) | undefined;
}

/** Every contender gets the same drawn examples and validation splits. `protocol` may differ in how it reads what a contender is given. */
export async function compare<Given, Answer extends Chosen>(
  protocol: Protocol<Given, Answer> | ((contender: keyof Comparison) => Protocol<Given, Answer>),
  contenders: Contenders<Given>,
  { onAnswers, ...options }: CompareOptions<Given, Answer>,
  announce: (contender: keyof Comparison) => void = () => {},
): Promise<Comparison> {
  const scoresOf = (name: keyof Comparison, given: Given) => {
    announce(name);
    return measure(typeof protocol === "function" ? protocol(name) : protocol, given, {
      ...options,
      whose: WHOSE[name],
      onAnswers: (answers) => onAnswers?.(name, answers),
    });
  };
  const { encoder, rawFeatures, randomInit, fromScratch } = contenders;
  return {
    encoder: await scoresOf("encoder", encoder),
    rawFeatures: await scoresOf("rawFeatures", rawFeatures),
    randomInit: randomInit === null ? null : await scoresOf("randomInit", randomInit),
    fromScratch: fromScratch === undefined ? null : await scoresOf("fromScratch", fromScratch),
  };
}
