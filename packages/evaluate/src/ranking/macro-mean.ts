/**
 * One number of many tasks: the mean within each modality, then over the modalities, so that a modality with many tasks does not drown the
 * others. What it rests on stands beside it.
 */
export interface TaskScore {
  readonly modality: string;
  /** null where it was not measured, or has no place on the shared scale. */
  readonly score: number | null;
}

export interface Coverage {
  readonly covered: number;
  readonly tasks: number;
}

export interface MacroMean extends Coverage {
  /** Mean of the modalities' means, over those that have one; null where none has. */
  readonly mean: number | null;
  readonly modalities: Readonly<Record<string, Coverage & { readonly mean: number | null }>>;
}

/** All tasks of the universe are to be told, measured or not. */
export function macroMean(tasks: readonly TaskScore[]): MacroMean {
  const names = [...new Set(tasks.map(({ modality }) => modality))];
  const modalities = Object.fromEntries(
    names.map((name) => {
      const own = tasks.filter(({ modality }) => modality === name).map(({ score }) => score);
      const known = own.filter((score) => score !== null);
      return [name, { mean: meanOrNull(known), covered: known.length, tasks: own.length }];
    }),
  );
  const means = Object.values(modalities).flatMap(({ mean }) => (mean === null ? [] : [mean]));
  const covered = Object.values(modalities).reduce((sum, own) => sum + own.covered, 0);
  return { mean: meanOrNull(means), covered, tasks: tasks.length, modalities };
}

const meanOrNull = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
