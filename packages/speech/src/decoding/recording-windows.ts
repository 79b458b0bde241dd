/**
 * A long recording in overlapping windows, joined frame by frame: each frame is taken from the window in whose middle it lies, and what is
 * said is read from the whole sequence, so that no word is said twice or cut where windows meet.
 */

export interface RecordingWindow {
  /** Its first sample, on a frame of the whole. */
  readonly start: number;
  readonly samples: number;
  /** Its own frames that are kept: from the first, to the one behind the last. */
  readonly kept: readonly [from: number, to: number];
}

export interface WindowsOptions {
  /** Samples from one frame to the next. */
  readonly stride: number;
  /** Samples of a window at most. */
  readonly window: number;
  /** Samples that neighbours share at least. */
  readonly overlap: number;
  /** Frames of so many samples. */
  frames(samples: number): number;
}

/** In order; one alone where the recording is no longer than a window. */
export function recordingWindows(
  total: number,
  { stride, window, overlap, frames }: WindowsOptions,
): RecordingWindow[] {
  if (total <= window) return [{ start: 0, samples: total, kept: [0, frames(total)] }];
  const whole = Math.floor(window / stride) * stride;
  const step = whole - Math.ceil(overlap / stride) * stride;
  if (step < stride) {
    throw new RangeError(
      `recordingWindows: windows must be longer than their overlap by a frame (${stride} samples), got ${window} and ${overlap}. Take longer windows.`,
    );
  }
  const count = Math.ceil((total - whole) / step) + 1;
  const last = Math.ceil((total - whole) / stride) * stride;
  const starts = Array.from({ length: count }, (_, i) => Math.min(i * step, last));
  const spans = starts.map((start) => ({ start, samples: Math.min(whole, total - start), first: start / stride }));
  const endOf = ({ first, samples }: (typeof spans)[number]) => first + frames(samples);
  const cuts = spans.slice(1).map((next, i) => Math.floor((next.first + endOf(spans[i]!)) / 2)); // the middle of what they share
  return spans.map((span, i) => {
    const from = i === 0 ? 0 : cuts[i - 1]! - span.first;
    const to = (cuts[i] ?? endOf(span)) - span.first;
    return { start: span.start, samples: span.samples, kept: [from, to] };
  });
}

/** Samples from one frame to the next, of an encoder whose frames come evenly. */
export function frameStride({
  shortest,
  frames,
}: {
  readonly shortest: number;
  frames(samples: number): number;
}): number {
  const nextAfter = (samples: number) => {
    const now = frames(samples);
    let next = samples + 1;
    while (frames(next) === now) next += 1;
    return next;
  };
  const second = nextAfter(shortest);
  return nextAfter(second) - second;
}
