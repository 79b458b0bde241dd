/**
 * Pilots from the best to the worst, with what is uncertain about it.
 *
 * Whoever trained longer stands before whoever was left behind. That may be wrong: in a bootstrap draw in which one that was left behind leads its
 * rung, it is the first of that draw, for nobody knows how it would have gone on; in the other draws it is the leader of the last rung. The shares of
 * draws in which each is first sum to 1.
 */
import type { Random } from "@autodidact/core";
import { type Interval, percentiles } from "../bootstrap.js";
import type { ProbeAnswers } from "./pilot-evidence.js";
import { type PilotScores, pilotScores, probeScores, type Shown } from "./pilot-scores.js";

export interface Standing {
  readonly candidate: string;
  /** The last that it trained in, from 1. */
  readonly rung: number;
  /** A probe's accuracy, or the rule's score in that rung. */
  readonly score: number;
  /** 95 % of the draws. */
  readonly interval: Interval;
  /** The share of draws in which it is first. */
  readonly chanceOfBest: number;
  /** The draws do not tell it from the first: the interval of their difference holds 0. */
  readonly isTiedWithFirst: boolean;
}

/** What each rung has shown, of the candidates that have not failed. */
export function rankPilots(rungs: readonly Shown[], random: Random): Standing[] {
  const scored = rungs.map((shown, rung) => pilotScores(shown, random.split(`rung ${rung + 1}`)));
  const lastOf = new Map(scored.flatMap((scores, rung) => [...scores.keys()].map((name) => [name, rung] as const)));
  const chances = chancesOfBest(scored, lastOf);
  const scoreOf = (name: string) => scored[lastOf.get(name)!]!.get(name)!;
  const order = [...lastOf.keys()].sort(
    (a, b) => lastOf.get(b)! - lastOf.get(a)! || scoreOf(b).value - scoreOf(a).value,
  );
  return order.map((candidate) => {
    const rung = lastOf.get(candidate)!;
    const { value, draws } = scoreOf(candidate);
    const first = scored[rung]!.get(order[0]!)!;
    return {
      candidate,
      rung: rung + 1,
      score: value,
      interval: percentiles(draws.slice(), 0.95),
      chanceOfBest: chances.get(candidate)!,
      isTiedWithFirst: candidate !== order[0] && holdsZero(first.draws, draws),
    };
  });
}

/** `first` less `second`, and 95 % of its draws. */
export function probeDifference(
  first: ProbeAnswers,
  second: ProbeAnswers,
  random: Random,
): { difference: number; interval: Interval } {
  const scores = probeScores(
    new Map([
      ["first", first],
      ["second", second],
    ]),
    random,
  );
  const [a, b] = [scores.get("first")!, scores.get("second")!];
  return { difference: a.value - b.value, interval: percentiles(differences(a.draws, b.draws), 0.95) };
}

const differences = (first: Float64Array, second: Float64Array) => first.map((value, draw) => value - second[draw]!);

function holdsZero(first: Float64Array, second: Float64Array): boolean {
  const [low, high] = percentiles(differences(first, second), 0.95);
  return low <= 0 && high >= 0;
}

function chancesOfBest(
  scored: readonly PilotScores[],
  lastOf: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const chances = new Map(Array.from(lastOf.keys(), (name) => [name, 0]));
  const draws = scored[0]?.values().next().value?.draws.length ?? 0;
  for (let draw = 0; draw < draws; draw++) {
    let share = 1; // of this draw, that nobody has yet
    for (const [rung, scores] of scored.entries()) {
      const leaders = leadersOf(scores, draw);
      const left = leaders.filter((name) => lastOf.get(name) === rung);
      for (const name of left) chances.set(name, chances.get(name)! + share / leaders.length);
      share *= 1 - left.length / leaders.length;
    }
  }
  return new Map(Array.from(chances, ([name, sum]) => [name, sum / draws]));
}

function leadersOf(scores: PilotScores, draw: number): string[] {
  const best = Math.max(...Array.from(scores.values(), ({ draws }) => draws[draw]!));
  return [...scores].flatMap(([name, { draws }]) => (draws[draw] === best ? [name] : []));
}
