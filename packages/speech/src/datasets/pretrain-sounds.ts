/**
 * The recordings that pretraining hears, as one data set of one rate.
 */
import { join, resolve } from "node:path";
import { type Dataset, type FoundData, type PartName, readSamples, UsageError } from "@autodidact/core";
import type { SoundHeader } from "../sound-files/sound-header.js";
import { openSounds } from "./open-sounds.js";
import type { SoundDataset } from "./sound-dataset.js";
import { type SoundSurvey, type SurveySoundsOptions, surveySounds } from "./survey-sounds.js";

type Part = Exclude<PartName, "all">;

/** What settles how recordings are found, where their names and tables leave it open. */
export type SoundReading = Omit<SurveySoundsOptions, "onlyLabelled">;

/** All that opens the same recordings again: plain JSON, what a run's settings say of its data. */
export interface PretrainSounds {
  readonly path: string;
  /** The parts of a set that comes in parts, one or several; null where it does not. */
  readonly split: Part | readonly Part[] | null;
  /** As far as that was told. */
  readonly reading?: SoundReading | undefined;
  /** Broken recordings that are passed over: a share below 1, or a count. Absent: 1 %, at least 10, at most half. */
  readonly maxCorrupt?: number | undefined;
  /** All are brought to this rate (Hz). */
  readonly sampleRate: number;
  /** Longer ones are broken; absent: half an hour. */
  readonly maxSeconds?: number | undefined;
}

export interface ExamineSoundsOptions extends Partial<Omit<PretrainSounds, "path" | "split">> {}

export interface ExaminedSounds {
  readonly facts: PretrainSounds & {
    readonly length: number;
    /** How many people speak in all parts; 0 where nobody says of every recording. */
    readonly speakers: number;
    /** The length that half of the recordings have at least; undefined where headers do not tell. */
    readonly medianSeconds: number | undefined;
  };
  readonly found: FoundData;
}

const HIGHEST_BY_DEFAULT = 16_000;
const SAMPLED = 200;

/** Looks at the data, so that what is not told can follow from it; nothing is decoded. */
export async function examineSounds(path: string, told: ExamineSoundsOptions = {}): Promise<ExaminedSounds> {
  const { reading, maxCorrupt, maxSeconds } = told;
  const survey = await surveySounds(path, { ...reading, asksClasses: false });
  const split = partsToLearnFrom(path, survey);
  const dataset = survey.open({ part: split ?? undefined, cacheBytes: 0 });
  const headers = await sampledHeaders(dataset);
  const sampleRate = told.sampleRate ?? Math.min(HIGHEST_BY_DEFAULT, commonRate(headers));
  const isSpoken = Array.from({ length: dataset.length }, (_, index) => dataset.speaker(index) !== undefined);
  return {
    facts: {
      path: resolve(path),
      split,
      ...(reading !== undefined && { reading }),
      ...(maxCorrupt !== undefined && { maxCorrupt }),
      sampleRate,
      ...(maxSeconds !== undefined && { maxSeconds }),
      length: dataset.length,
      speakers: isSpoken.every(Boolean) ? dataset.speakers.length : 0,
      medianSeconds: medianOf(headers.flatMap(({ seconds }) => seconds ?? [])),
    },
    found: {
      ...survey.found,
      reading: [...(survey.found.reading ?? []), ...readingOf(split, survey)],
      remarks: [...(survey.found.remarks ?? []), `heard at ${sampleRate.toLocaleString("en-US")} Hz`],
    },
  };
}

/** All there is, or of a set in parts the training part and what has no labels. What is for testing is never learned from unasked. */
function partsToLearnFrom(path: string, { parts }: SoundSurvey): PretrainSounds["split"] {
  if (parts.includes("all") && parts.length === 1) return null;
  const taken = parts.filter((part) => part === "train" || part === "unlabelled");
  if (taken.length > 0) return taken.length === 1 ? taken[0]! : taken;
  throw new UsageError(
    `\`data\` ${path} holds ${parts.join(" and ")} recordings alone, which are for testing. To learn from them all the same, name their folder itself.`,
  );
}

function readingOf(split: PretrainSounds["split"], { parts }: SoundSurvey): readonly string[] {
  if (split === null) return [];
  const left = parts.filter((part) => ![split].flat().includes(part as never));
  return [`learns from ${[split].flat().join(" and ")}${left.length === 0 ? "" : `, not from ${left.join(" and ")}`}`];
}

async function sampledHeaders(dataset: SoundDataset): Promise<SoundHeader[]> {
  const count = Math.min(SAMPLED, dataset.length);
  const looked: Dataset<SoundHeader> = {
    length: count,
    get: (index) => dataset.header!(Math.floor((index * dataset.length) / count)),
  };
  const headers: SoundHeader[] = [];
  for await (const header of readSamples(looked, { onCorrupt: () => {} })) headers.push(header); // the loader names them
  return headers;
}

/** The most frequent; of equally frequent ones the lowest. */
function commonRate(headers: readonly SoundHeader[]): number {
  const counts = new Map<number, number>();
  for (const { sampleRate } of headers) counts.set(sampleRate, (counts.get(sampleRate) ?? 0) + 1);
  const [most] = [...counts].sort(([rate, count], [other, others]) => others - count || rate - other);
  return most?.[0] ?? HIGHEST_BY_DEFAULT;
}

function medianOf(values: readonly number[]): number | undefined {
  return Float64Array.from(values).sort()[values.length >> 1];
}

/** `run`: its folder, where it is kept what files hold, so that a resumed run need not read them all again. */
export async function openPretrainSounds(
  data: PretrainSounds,
  { run, path = data.path }: { run?: string | undefined; path?: string | undefined } = {},
): Promise<SoundDataset> {
  const { split, reading, sampleRate, maxSeconds } = data;
  const dataset = await openSounds(path, { ...reading, split: split ?? undefined, sampleRate, maxSeconds });
  const memo = run === undefined ? undefined : join(run, "data-contents.json");
  const { contents } = dataset;
  return contents === undefined ? dataset : { ...dataset, contents: () => contents.call(dataset, { memo }) };
}
