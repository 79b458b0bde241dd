/**
 * Scores of unlike tasks on one scale: 0 is chance, 1 the reference. Below chance it is negative.
 */
export interface ScoreScale {
  /** What is reached without looking. */
  readonly chance: number | null;
  /** What is there to be reached; of a share 1, or 0 of one that is better lower, unless a task declares another. */
  readonly reference: number | null;
}

/** null where either end is not known, or both are one. Holds for metrics that are better lower too: the reference lies below chance then. */
export function normalisedScore(value: number, { chance, reference }: ScoreScale): number | null {
  if (chance === null || reference === null || chance === reference) return null;
  return (value - chance) / (reference - chance);
}

/** The reference of a metric where its task declares none. */
export function usualReference({ unit, better }: { readonly unit: string; readonly better: string }): number | null {
  if (unit !== "share") return null;
  return better === "higher" ? 1 : 0;
}
