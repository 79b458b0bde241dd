/**
 * What was answered against what is there, counted for each class: all that F1 and Matthews' correlation need.
 */
import type { ClassAnswer } from "./accuracy.js";

export interface Tally {
  /** Of each class: examples that have it, answers that say it, and those that are both. */
  readonly there: Float64Array;
  readonly answered: Float64Array;
  readonly right: Float64Array;
}

/** Example i stands counts[i] times, once unless told. */
export function tally({ labels, truth }: ClassAnswer, classes: number, counts?: ArrayLike<number>): Tally {
  const there = new Float64Array(classes);
  const answered = new Float64Array(classes);
  const right = new Float64Array(classes);
  for (let row = 0; row < truth.length; row++) {
    const times = counts === undefined ? 1 : counts[row]!;
    const [own, said] = [truth[row]!, labels[row]!];
    there[own]! += times;
    answered[said]! += times;
    if (own === said) right[own]! += times;
  }
  return { there, answered, right };
}

/** One more than the greatest label. */
export function classesIn({ labels, truth }: ClassAnswer): number {
  let most = -1;
  for (let row = 0; row < truth.length; row++) most = Math.max(most, truth[row]!, labels[row]!);
  return most + 1;
}
