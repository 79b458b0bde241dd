/**
 * Is it fair? The share of right answers in each group of examples, the worst group, and the largest gap with its interval.
 */
import type { Interval } from "../bootstrap.js";
import { mean } from "../metric.js";
import { wilsonInterval } from "../wilson.js";

/** Of fewer examples a group's score is flagged: it says little. */
export const FEW_IN_GROUP = 30;

export interface GroupScore {
  readonly group: string;
  readonly examples: number;
  /** The mean of its examples' values. */
  readonly score: number;
  /** Wilson's, 95 %. */
  readonly interval: Interval;
  readonly isFew: boolean;
}

export interface GroupGap {
  readonly best: string;
  readonly worst: string;
  readonly gap: number;
  /** 95 %; of the two groups as they were found: that they were chosen for their distance is not counted in. */
  readonly interval: Interval;
  /** One of them has few examples. */
  readonly isFew: boolean;
}

export interface GroupScores {
  /** By name. */
  readonly groups: readonly GroupScore[];
  readonly worst: GroupScore;
  /** null of one group. */
  readonly largestGap: GroupGap | null;
}

/** `values` are from 0 to 1, one an example: right or not, averaged over seeds. */
export function groupScores(values: ArrayLike<number>, groups: readonly string[]): GroupScores {
  if (values.length !== groups.length || values.length === 0) {
    throw new RangeError(
      `groupScores: every example needs a group, got ${values.length} examples and ${groups.length} groups.`,
    );
  }
  const rows = new Map<string, number[]>();
  for (const [row, group] of groups.entries()) {
    if (!rows.has(group)) rows.set(group, []);
    rows.get(group)!.push(values[row]!);
  }
  const scored = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, own]): GroupScore => {
      const score = mean(own);
      const interval = wilsonInterval(score, own.length);
      return { group, examples: own.length, score, interval, isFew: own.length < FEW_IN_GROUP };
    });
  const worst = scored.reduce((lowest, other) => (other.score < lowest.score ? other : lowest));
  const best = scored.reduce((highest, other) => (other.score > highest.score ? other : highest));
  return { groups: scored, worst, largestGap: scored.length < 2 ? null : gapOf(best, worst, scored) };
}

function gapOf(best: GroupScore, lowest: GroupScore, all: readonly GroupScore[]): GroupGap {
  const worst = lowest === best ? all.find((other) => other !== best)! : lowest; // all score alike
  return {
    best: best.group,
    worst: worst.group,
    gap: best.score - worst.score,
    interval: newcombeInterval(best, worst),
    isFew: best.isFew || worst.isFew,
  };
}

/** Of a difference of two independent shares. Newcombe 1998, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method 10. */
export function newcombeInterval(
  first: Pick<GroupScore, "score" | "interval">,
  second: Pick<GroupScore, "score" | "interval">,
): Interval {
  const difference = first.score - second.score;
  const below = Math.hypot(first.score - first.interval[0], second.interval[1] - second.score);
  const above = Math.hypot(first.interval[1] - first.score, second.score - second.interval[0]);
  return [difference - below, difference + above];
}
