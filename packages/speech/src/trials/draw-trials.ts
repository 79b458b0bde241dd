/**
 * Trials drawn from recordings that can be heard, as many as there can be of both kinds.
 */
import { type CorruptSampleError, counted, createRandom, readAllowed, UsageError } from "@autodidact/core";
import type { SoundDataset } from "../datasets/sound-dataset.js";
import { makeTrials } from "./make-trials.js";
import type { TrialList } from "./trial-list.js";

export interface DrawTrialsOptions {
  readonly seed: number;
  /** An even number, half of one speaker; 4000, or as many as there are, unless told. */
  readonly pairs?: number | undefined;
  /** Recordings that may be broken: a share below 1, or a count. */
  readonly maxCorrupt?: number | undefined;
  readonly onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is drawn from. */
export type SpokenDataset = Pick<SoundDataset, "length" | "id" | "speaker" | "speakers" | "get">;

const USUAL_PAIRS = 4000;

/** Every recording is decoded first: a trial of one that cannot be read would have no answer. */
export async function drawTrials(
  all: SpokenDataset,
  { seed, pairs: told, ...reading }: DrawTrialsOptions,
): Promise<TrialList> {
  const dataset = await heardAmong(all, reading);
  const most = mostPairs(dataset);
  if (most < 2) {
    throw new UsageError(
      dataset.speakers.length === 0
        ? 'verification must be told who speaks: { speakerFrom: "folder" }, `pattern` with {speaker}, or `trials` FILE.'
        : `verification needs two speakers, and two recordings of one of them; what is measured is ${counted(dataset.length, "recordings")} by ${speakersAmong(dataset).size}. Of a test part hold out two speakers or more.`,
    );
  }
  const pairs = told ?? Math.min(USUAL_PAIRS, most);
  if (pairs > most || pairs % 2 !== 0) {
    throw new UsageError(
      `\`pairs\` must be an even number up to ${most}, twice the pairs of the rarer kind, got ${pairs}.`,
    );
  }
  return makeTrials(dataset, { pairs, random: createRandom(seed).split("trials") });
}

type Spoken = Omit<SpokenDataset, "get">;

async function heardAmong(
  all: SpokenDataset,
  reading: Pick<DrawTrialsOptions, "maxCorrupt" | "onCorrupt" | "signal">,
): Promise<Spoken> {
  const rows = {
    length: all.length,
    async get(row: number) {
      await all.get(row);
      return row;
    },
  };
  const heard = await readAllowed(rows, { ...reading, who: "verification", noun: "recordings" });
  return {
    length: heard.length,
    id: (place) => all.id(heard[place]!),
    speaker: (place) => all.speaker(heard[place]!),
    speakers: all.speakers,
  };
}

/** How many recordings each has. */
function speakersAmong(dataset: Spoken): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let index = 0; index < dataset.length; index += 1) {
    const speaker = dataset.speaker(index);
    if (speaker !== undefined) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  }
  return counts;
}

/** Twice the pairs of one speaker, or of two where these are fewer. */
function mostPairs(dataset: Spoken): number {
  const each = [...speakersAmong(dataset).values()];
  const all = each.reduce((sum, count) => sum + count, 0);
  const within = each.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  return 2 * Math.min(within, (all * (all - 1)) / 2 - within);
}
