/**
 * What pilots are ranked by, once as it is and once for each bootstrap draw: a few-label probe, or a rule of label-free measures.
 *
 * The draws are the same for all who are compared: a difference is that of the candidates, not of the examples that each was asked.
 */
import type { Random } from "@autodidact/core";
import type { LabelFreeMeasures, PilotEvidence, ProbeAnswers } from "./pilot-evidence.js";

export interface PilotScore {
  readonly value: number;
  /** The same of each bootstrap draw. */
  readonly draws: Float64Array;
}
export type PilotScores = ReadonlyMap<string, PilotScore>;

const DRAWS = 1000;

/** What each has shown, by name. */
export type Shown = ReadonlyMap<string, PilotEvidence>;

/** By probes where all have answered one, else by the rule. */
export function pilotScores(shown: Shown, random: Random): PilotScores {
  const answers = answersOf(shown);
  return answers === undefined ? ruleScores(measuresOf(shown), random) : probeScores(answers, random);
}

/** The best first; of equals, whoever stood first. */
export function orderPilots(shown: Shown): string[] {
  const values = valuesOf(shown);
  return [...shown.keys()].sort((a, b) => values.get(b)! - values.get(a)!);
}

function valuesOf(shown: Shown): ReadonlyMap<string, number> {
  const answers = answersOf(shown);
  if (answers !== undefined) return new Map(Array.from(answers, ([name, own]) => [name, probeAccuracy(own)]));
  const values = ruleOf(Array.from(shown.values(), ({ measures }) => meanMeasures(measures)));
  return new Map(Array.from(shown.keys(), (name, place) => [name, values[place]!]));
}

function answersOf(shown: Shown): ReadonlyMap<string, ProbeAnswers> | undefined {
  const answers = [...shown].flatMap(([name, { probe }]) => (probe === null ? [] : [[name, probe] as const]));
  return answers.length === shown.size ? new Map(answers) : undefined;
}

const measuresOf = (shown: Shown) => new Map(Array.from(shown, ([name, { measures }]) => [name, measures]));

/** Accuracies from 0 to 1; examples and seeds are drawn. */
export function probeScores(answers: ReadonlyMap<string, ProbeAnswers>, random: Random, draws = DRAWS): PilotScores {
  const right = Array.from(answers.values(), (texts) => texts.map((text) => Uint8Array.from(text, Number)));
  const { seeds, examples } = sizesOf(answers);
  const all = Array.from(answers, () => new Float64Array(draws));
  const counts = new Float64Array(examples);
  for (let draw = 0; draw < draws; draw++) {
    counts.fill(0);
    for (let i = 0; i < examples; i++) counts[random.integer(examples)]! += 1;
    const drawn = Array.from({ length: seeds }, () => random.integer(seeds));
    for (const [place, own] of right.entries()) {
      let sum = 0;
      for (const seed of drawn) for (let i = 0; i < examples; i++) sum += counts[i]! * own[seed]![i]!;
      all[place]![draw] = sum / (seeds * examples);
    }
  }
  return new Map(
    Array.from(answers.keys(), (name, place) => [
      name,
      { value: probeAccuracy(answers.get(name)!), draws: all[place]! },
    ]),
  );
}

export function probeAccuracy(answers: ProbeAnswers): number {
  const right = answers.reduce((sum, text) => sum + text.replaceAll("0", "").length, 0);
  return right / (answers.length * answers[0]!.length);
}

function sizesOf(answers: ReadonlyMap<string, ProbeAnswers>): { seeds: number; examples: number } {
  const [first = []] = answers.values();
  const [seeds, examples] = [first.length, first[0]?.length ?? 0];
  for (const [name, texts] of answers) {
    if (examples > 0 && texts.length === seeds && texts.every(({ length }) => length === examples)) continue;
    throw new RangeError(
      `probeScores: all must have answered the same examples with as many seeds, got ${seeds} × ${examples} and, of ${name}, ${texts.length} × ${texts[0]?.length ?? 0}.`,
    );
  }
  return { seeds, examples };
}

/** With hardly more than one direction all inputs look alike. */
const COLLAPSED_RANK = 2;
/** Of who has collapsed: below all others. */
export const COLLAPSED = -1;

/**
 * The rule where there are no labels: the mean of two places, by RankMe's share of what it could be (more is better) and by |α − 1| (less is better).
 * A place is the share of the others that are beaten, half of those that are alike: from 0 to 1. Who has collapsed has −1. The measures of
 * the draws are drawn.
 */
export function ruleScores(
  measures: ReadonlyMap<string, readonly LabelFreeMeasures[]>,
  random: Random,
  draws = DRAWS,
): PilotScores {
  const own = [...measures.values()];
  const replicates = Math.min(...own.map(({ length }) => length));
  const values = ruleOf(own.map(meanMeasures));
  const all = own.map(() => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    const drawn = Array.from({ length: replicates }, () => random.integer(replicates));
    const scores = ruleOf(own.map((one) => meanMeasures(drawn.map((i) => one[i]!))));
    for (const [place, score] of scores.entries()) all[place]![draw] = score;
  }
  return new Map(Array.from(measures.keys(), (name, place) => [name, { value: values[place]!, draws: all[place]! }]));
}

export function isCollapsedPilot({ rankMe }: LabelFreeMeasures): boolean {
  return !(rankMe >= COLLAPSED_RANK);
}

export function meanMeasures(all: readonly LabelFreeMeasures[]): LabelFreeMeasures {
  const mean = (of: (one: LabelFreeMeasures) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length;
  const isOpen = all.some(({ alpha }) => alpha === null);
  return {
    rankMe: mean(({ rankMe }) => rankMe),
    rankShare: mean(({ rankShare }) => rankShare),
    alpha: isOpen ? null : mean(({ alpha }) => alpha!),
  };
}

function ruleOf(measures: readonly LabelFreeMeasures[]): number[] {
  const standing = measures.filter((one) => !isCollapsedPilot(one));
  const ranks = standing.map(({ rankShare }) => rankShare);
  const distances = standing.map(awayFromOne);
  return measures.map((one) => {
    if (isCollapsedPilot(one)) return COLLAPSED;
    return (
      (placeAmong(one.rankShare, ranks) +
        placeAmong(
          -awayFromOne(one),
          distances.map((far) => -far),
        )) /
      2
    );
  });
}

const awayFromOne = ({ alpha }: LabelFreeMeasures) => (alpha === null ? Number.MAX_VALUE : Math.abs(alpha - 1));

/** The share of the others that it beats; it is one of the values. Alone it is the first. */
function placeAmong(value: number, values: readonly number[]): number {
  if (values.length === 1) return 1;
  const beaten = values.filter((other) => other < value).length;
  const alike = values.filter((other) => other === value).length - 1;
  return (beaten + alike / 2) / (values.length - 1);
}
