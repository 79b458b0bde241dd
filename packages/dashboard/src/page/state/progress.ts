/**
 * How long a run still takes, from how it went while it was watched.
 */
export interface Sighting {
  readonly step: number;
  /** In milliseconds. */
  readonly atMs: number;
}

/** In seconds; null while no step was seen to pass. */
export function secondsLeft(first: Sighting | null, now: Sighting, steps: number | null): number | null {
  if (first === null || steps === null || now.step <= first.step) return null;
  const secondsPerStep = (now.atMs - first.atMs) / 1000 / (now.step - first.step);
  return Math.max(0, steps - now.step) * secondsPerStep;
}
