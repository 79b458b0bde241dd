/**
 * Trials drawn by chance from recordings whose speakers are known: as many of one speaker as of two, no pair twice, none of a file with itself.
 */
import { type Random, UsageError } from "@autodidact/core";
import { type Trial, type TrialList, trialList } from "./trial-list.js";

export interface MakeTrialsOptions {
  /** How many trials, an even number: half of them of one speaker. */
  readonly pairs: number;
  readonly random: Random;
}

export interface SpokenSounds {
  readonly length: number;
  id(index: number): string;
  speaker(index: number): number | undefined;
}

/** Each pair of its kind is as likely as any other; the trials come in random order. */
export function makeTrials(dataset: SpokenSounds, { pairs, random }: MakeTrialsOptions): TrialList {
  if (!(Number.isInteger(pairs) && pairs >= 2 && pairs % 2 === 0))
    throw new RangeError(
      `makeTrials: pairs must be an even number from 2, half of one speaker and half of two, got ${pairs}.`,
    );
  const rows = bySpeaker(dataset);
  const half = pairs / 2;
  const within = startsOf(rows, ({ place, end }) => end - place - 1); // later recordings of the same speaker
  const across = startsOf(rows, ({ end }) => rows.length - end); // recordings of later speakers
  const trialAt =
    (isSame: boolean) =>
    (number: number): Trial => {
      const starts = isSame ? within : across;
      const place = lastNotAbove(starts, number);
      const { row, end } = rows[place]!;
      const other = (isSame ? place + 1 : end) + number - starts[place]!;
      return { ...shuffled(dataset.id(row), dataset.id(rows[other]!.row), random), isSame };
    };
  const trials = [
    ...drawn("one speaker", within.at(-1)!, half, random).map(trialAt(true)),
    ...drawn("two speakers", across.at(-1)!, half, random).map(trialAt(false)),
  ];
  return trialList(Array.from(random.permutation(trials.length), (place) => trials[place]!));
}

interface SpokenRow {
  readonly row: number;
  readonly place: number;
  /** Where the next speaker's rows begin. */
  readonly end: number;
}

/** The rows, one speaker after the other. */
function bySpeaker(dataset: SpokenSounds): SpokenRow[] {
  const own = new Map<number, number[]>();
  for (let row = 0; row < dataset.length; row++) {
    const speaker = dataset.speaker(row);
    if (speaker === undefined)
      throw new UsageError(
        `makeTrials: every recording must have a speaker, and nobody says who speaks in ${dataset.id(row)}.`,
      );
    const rows = own.get(speaker);
    if (rows === undefined) own.set(speaker, [row]);
    else rows.push(row);
  }
  const rows: SpokenRow[] = [];
  for (const [, ofSpeaker] of [...own].sort(([a], [b]) => a - b)) {
    const end = rows.length + ofSpeaker.length;
    for (const row of ofSpeaker) rows.push({ row, place: rows.length, end });
  }
  return rows;
}

/** At which number the pairs of each row begin; at last, how many there are. */
function startsOf(rows: readonly SpokenRow[], partners: (row: SpokenRow) => number): number[] {
  const starts = [0];
  for (const row of rows) starts.push(starts.at(-1)! + partners(row));
  return starts;
}

/** Binary search: the last row whose pairs begin at the number or before it, and that has one there. */
function lastNotAbove(starts: readonly number[], number: number): number {
  let [low, high] = [0, starts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= number) low = middle;
    else high = middle;
  }
  return low;
}

/** `count` different numbers below `all`, each set as likely as any other (Floyd's algorithm, Bentley 1987). */
function drawn(what: string, all: number, count: number, random: Random): number[] {
  if (count > all) {
    throw new RangeError(
      `makeTrials: ${count} different pairs of ${what} are asked for, and there are ${all}. Ask for ${2 * all} trials at most.`,
    );
  }
  const taken = new Set<number>();
  for (let last = all - count; last < all; last++) {
    const number = wholeBelow(last + 1, random);
    taken.add(taken.has(number) ? last : number);
  }
  return [...taken];
}

const TWO_TO_32 = 2 ** 32;

/** Of a hundred thousand recordings there are more pairs than `integer` draws from. */
function wholeBelow(below: number, random: Random): number {
  if (below <= TWO_TO_32) return random.integer(below);
  const share = (random.integer(2 ** 21) * TWO_TO_32 + random.integer(TWO_TO_32)) / 2 ** 53; // below 1
  return Math.min(below - 1, Math.floor(share * below));
}

function shuffled(a: string, b: string, random: Random): { first: string; second: string } {
  return random.chance(0.5) ? { first: a, second: b } : { first: b, second: a };
}
