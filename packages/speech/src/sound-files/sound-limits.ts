/**
 * What a recording may be. Headers come from strangers: nothing is allocated by their word alone.
 */
import { CorruptSampleError } from "@autodidact/core";

export interface SoundHeaderNumbers {
  readonly sampleRate: number;
  readonly channels: number;
  /** Length; undefined where the header does not tell. */
  readonly seconds?: number | undefined;
}

const leastRate = 1_000;
const mostRate = 768_000;
const mostChannels = 32;

/** Half an hour at 16 kHz is 115 MB of samples. */
export const defaultMaxSeconds = 1800;

export function assertWithinLimits(
  id: string,
  { sampleRate, channels, seconds }: SoundHeaderNumbers,
  maxSeconds = Number.POSITIVE_INFINITY,
): void {
  if (!(sampleRate >= leastRate && sampleRate <= mostRate)) {
    throw new CorruptSampleError(
      id,
      `its header says ${sampleRate} Hz; rates from ${leastRate} to ${mostRate} are read`,
    );
  }
  if (!(channels >= 1 && channels <= mostChannels)) {
    throw new CorruptSampleError(id, `its header says ${channels} channels; 1 to ${mostChannels} are read`);
  }
  if (seconds !== undefined && seconds > maxSeconds) throw tooLong(id, `${seconds.toFixed(1)} s`, maxSeconds);
}

export function tooLong(id: string, length: string, maxSeconds: number): CorruptSampleError {
  return new CorruptSampleError(
    id,
    `it is ${length} long, more than maxSeconds = ${maxSeconds}. Cut it, or raise maxSeconds if there is memory for it`,
  );
}

/** Less than what the header promises: `there` and `promised` in one unit. */
export function truncated(id: string, there: number, promised: number, unit: string): CorruptSampleError {
  return new CorruptSampleError(id, `truncated: its header promises ${promised} ${unit}, ${there} are there`);
}
