/**
 * Which frames are hidden: spans of one length that may overlap.
 */
import type { Random } from "@autodidact/core";

/** For each utterance the hidden frames in ascending order. */
export type HiddenFrames = readonly Int32Array[];

export interface Spans {
  /** Of an utterance. */
  readonly frames: number;
  /** Share of the frames that spans would cover if none overlapped. */
  readonly probability: number;
  /** Frames of a span. */
  readonly length: number;
}

/** wav2vec 2.0 hides two at least, where two fit. */
const FEWEST = 2;

/**
 * As many spans in each utterance as compute_mask_indices of fairseq and Hugging Face has: share × frames / length, rounded up or down by
 * chance, once for the batch; starts are drawn without putting back.
 */
export function drawSpans(n: number, spans: Spans, chance: Random): HiddenFrames {
  const count = spansIn(spans, chance.uniform());
  return Array.from({ length: n }, () => {
    const starts = chance.permutation(spans.frames - spans.length + 1).subarray(0, count);
    return hiddenBy(starts, spans);
  });
}

/** The most frames that `drawSpans` hides in an utterance. */
export function mostHidden(spans: Spans): number {
  return Math.min(spans.frames, spansIn(spans, 1) * spans.length);
}

/** `rounding` from 0 to 1 decides between the two whole numbers. */
function spansIn({ frames, probability, length }: Spans, rounding: number): number {
  const wanted = Math.max(FEWEST, Math.floor((probability * frames) / length + rounding));
  return Math.max(0, Math.min(wanted, Math.floor(frames / length), frames - length + 1));
}

/** Frames of the spans that begin at `starts`, each once, in ascending order. */
export function hiddenBy(starts: Iterable<number>, { frames, length }: Pick<Spans, "frames" | "length">): Int32Array {
  const isHidden = new Uint8Array(frames);
  for (const start of starts) isHidden.fill(1, start, start + length);
  return Int32Array.from(isHidden.keys()).filter((frame) => isHidden[frame] === 1);
}

export interface StartedSpans {
  /** Of an utterance. */
  readonly frames: number;
  /** With which each frame begins a span. */
  readonly startProbability: number;
  /** Frames of a span; one at the end is cut. */
  readonly length: number;
  /** The most frames that are hidden in an utterance, not below `length`. */
  readonly most: number;
}

/** Each frame begins a span by chance, and one does at least; spans that would hide more than `most` are left out. */
export function drawStartedSpans(n: number, spans: StartedSpans, chance: Random): HiddenFrames {
  const { frames, startProbability, length, most } = spans;
  return Array.from({ length: n }, () => {
    const order = [...chance.permutation(frames)].filter(() => chance.chance(startProbability));
    if (order.length === 0) order.push(chance.integer(frames - length + 1));
    let hidden: Int32Array = new Int32Array(0);
    for (let count = 1; count <= order.length; count += 1) {
      const more = hiddenBy(order.slice(0, count), spans);
      if (more.length > most) break;
      hidden = more;
    }
    return hidden;
  });
}
