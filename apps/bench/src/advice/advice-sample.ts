/**
 * The examples on which pilots are measured: some of the training part, read once, the same for all.
 */

import type { FeatureTable } from "@autodidact/core";
import {
  counted,
  type Dataset,
  grouped,
  type PartName,
  type Random,
  readSamples,
  skipping,
  UsageError,
} from "@autodidact/core";
import type { Options, RunSettings } from "@autodidact/core/cards";
import type { ProbeLabels, ProbeReader } from "@autodidact/evaluate";

/** What a modality gives for advice. */
export interface AdvicePart<Settings extends RunSettings = RunSettings> {
  /** Options that say how labelled data is read, some of them pretraining's too. */
  readonly reading: Options;
  /** `settings` are those of one of the pilots' runs: examples are prepared as for it. */
  openSample(settings: Settings, asked: SampleAsked): Promise<AdviceSample>;
}

export interface SampleAsked {
  readonly data: string;
  /** Labelled data where that is other than the data. */
  readonly labels: string | undefined;
  /** What was typed of the modality's `reading`. */
  readonly typed: Readonly<Record<string, unknown>>;
  /** Examples, at most. */
  readonly most: number;
  /** Chooses them. */
  readonly random: Random;
  readonly signal: AbortSignal;
  show(text: string): void;
  print(text: string): void;
}

export interface AdviceSample {
  readonly examples: number;
  /** Undefined where there are no labels. */
  readonly labels: (ProbeLabels & { readonly names: readonly string[] }) | undefined;
  /** What the raw features are: "raw pixels". */
  readonly raw: string;
  /** The raw features before a probe; to be asked where there are labels. */
  rawReader(): Promise<ProbeReader>;
  /** Features of the examples by a run's encoder, finished or not, or by itself before it learned. */
  features(folder: string, contender: "encoder" | "randomInit", signal: AbortSignal): Promise<FeatureTable>;
}

/** Fewer tell nothing. */
export const FEWEST_LABELLED = 20;

/** What was found at a path, of images or of recordings. */
interface Survey {
  readonly found: { readonly classes: readonly string[] };
  readonly parts: readonly PartName[];
  readonly labelled: readonly PartName[];
  readonly learnableClasses: number;
  readonly whyUnlabelled: string;
}

type Labelled = { readonly label?: number | undefined };

/** Some examples of the training part, with their classes where all have one; says what it took. The test part is left alone. */
export async function sampleOf<Example extends Labelled>(
  survey: Survey,
  open: (part: PartName) => Promise<Dataset<Example>> | Dataset<Example>,
  { most, random, signal, print, noun, ...asked }: SampleAsked & { readonly noun: string },
): Promise<{ examples: Example[]; labels: AdviceSample["labels"] }> {
  const part = survey.parts.find((name) => name === "train" || name === "all") ?? survey.parts[0]!;
  const dataset = await open(part);
  const rows = random.permutation(dataset.length).subarray(0, most).sort();
  const onCorrupt = skipping(print);
  const examples: Example[] = [];
  for await (const example of readSamples(dataset, { rows, onCorrupt, signal })) examples.push(example);
  onCorrupt.conclude(noun);
  const isTold = survey.labelled.includes(part) && survey.learnableClasses >= 2;
  const why = isTold ? whyTooFew(examples.length, noun) : survey.whyUnlabelled;
  const labels =
    why === undefined
      ? {
          labels: Int32Array.from(examples, ({ label }) => label!),
          classes: survey.learnableClasses,
          names: survey.found.classes.slice(0, survey.learnableClasses),
        }
      : undefined;
  sayLabels({ ...asked, print }, { examples: examples.length, of: dataset.length, noun, labels, why });
  return { examples, labels };
}

export function whyTooFew(examples: number, noun: string): string | undefined {
  if (examples >= FEWEST_LABELLED) return undefined;
  return `${counted(examples, noun)} with classes are fewer than ${FEWEST_LABELLED}`;
}

interface Taken {
  readonly examples: number;
  /** Of so many. */
  readonly of: number;
  readonly noun: string;
  readonly labels: AdviceSample["labels"];
  readonly why: string | undefined;
}

/** Labels that were asked for and are not there are refused; where none were, it is said how they are named. */
export function sayLabels(
  { labels: path, print }: Pick<SampleAsked, "labels" | "print">,
  { examples, of, noun, labels, why }: Taken,
): void {
  if (labels === undefined && path !== undefined)
    throw new UsageError(`--labels ${path} must have labels, and has none to use: ${why}.`);
  const measured = `measured on ${grouped(examples)} of ${grouped(of)} ${noun}`;
  print(
    labels === undefined
      ? `${measured}, without labels: ${why}. --labels PATH names some, as evaluate --data takes them.`
      : `${measured} of ${labels.classes} classes`,
  );
}
