/**
 * Where labels lie in time: the most probable of their alignments with the frames (Viterbi 1967), by the states of CTC.
 */
import { ctcFramesNeeded } from "@autodidact/core";
import type { FrameLogarithms } from "./frame-logarithms.js";

export interface LabelSpan {
  /** The first frame of the label, and the one behind its last. */
  readonly start: number;
  readonly end: number;
  /** The mean probability of the label at its frames, 0 to 1. */
  readonly probability: number;
}

/** A span for each label, in order; refused where the labels need more frames than there are. */
export function alignLabels({ values, frames, classes }: FrameLogarithms, labels: ArrayLike<number>): LabelSpan[] {
  const needed = ctcFramesNeeded(labels);
  if (needed > frames) {
    throw new RangeError(`alignLabels: ${labels.length} labels need ${needed} frames at least, got ${frames}.`);
  }
  if (labels.length === 0) return [];
  const states = 2 * labels.length + 1; // ␣ l₁ ␣ l₂ ␣
  const classOf = (state: number) => (state % 2 === 0 ? 0 : labels[state >> 1]!);
  const steps = new Uint8Array(frames * states); // how many states before each one its best path comes from
  let best = new Float64Array(states).fill(-Infinity);
  for (let frame = 0; frame < frames; frame += 1) {
    const next = new Float64Array(states).fill(-Infinity);
    for (let state = 0; state < states; state += 1) {
      const maySkip = state % 2 === 1 && state > 1 && classOf(state) !== classOf(state - 2);
      const most = maySkip ? 2 : Math.min(1, state);
      let [step, from] = [0, frame === 0 ? (state < 2 ? 0 : -Infinity) : best[state]!];
      for (let back = 1; frame > 0 && back <= most; back += 1) {
        if (best[state - back]! > from) [step, from] = [back, best[state - back]!];
      }
      steps[frame * states + state] = step;
      next[state] = from + values[frame * classes + classOf(state)]!;
    }
    best = next;
  }

  const pathStates = new Uint32Array(frames);
  let state = best[states - 1]! > best[states - 2]! ? states - 1 : states - 2;
  for (let frame = frames - 1; frame >= 0; frame -= 1) {
    pathStates[frame] = state;
    state -= steps[frame * states + state]!;
  }
  return Array.from({ length: labels.length }, (_, i) => {
    const [start, end] = [pathStates.indexOf(2 * i + 1), pathStates.lastIndexOf(2 * i + 1) + 1];
    let sum = 0;
    for (let frame = start; frame < end; frame += 1) sum += Math.exp(values[frame * classes + labels[i]!]!);
    return { start, end, probability: sum / (end - start) };
  });
}
