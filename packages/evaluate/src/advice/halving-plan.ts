/**
 * How a budget of seconds is divided: every rung gets the same share, and half of the candidates go on to the next.
 *
 * Successive halving, Jamieson & Talwalkar 2016, https://arxiv.org/abs/1502.07943, Algorithm 1. The last rung is of two, so that what comes first has
 * been compared at its longest.
 */

const FINALISTS = 2;

/** How many candidates train in each rung: 10 are 10, 5, 3, 2. There are two rungs at least: the second knows what the first cost. */
export function rungSizes(candidates: number): number[] {
  const sizes = [candidates];
  while (sizes.at(-1)! > FINALISTS) sizes.push(Math.max(FINALISTS, Math.ceil(sizes.at(-1)! / 2)));
  return sizes.length === 1 ? [candidates, candidates] : sizes;
}

export interface RungShare {
  /** Seconds of the budget that are left. */
  readonly left: number;
  /** Rungs that are to come, this one with them. */
  readonly rungs: number;
  /** Seconds that each pilot of the rung takes beside its training: to compile, to be measured. */
  readonly overheads: readonly number[];
}

/** Seconds of training that each pilot of a rung gets, the same for all; not above 0 where the overheads use up the share. */
export function secondsEach({ left, rungs, overheads }: RungShare): number {
  return (left / rungs - overheads.reduce((sum, overhead) => sum + overhead, 0)) / overheads.length;
}

/** Seconds that a candidate will have trained when it has come through all rungs, where every pilot has the same overhead. */
export function secondsToTheEnd(left: number, sizes: readonly number[], overhead: number): number {
  return sizes.reduce((sum, size) => sum + Math.max(0, left / sizes.length / size - overhead), 0);
}
