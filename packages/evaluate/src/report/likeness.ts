/**
 * How alike the features of a task's models are: linear CKA, without bias, on the same test examples.
 */
import type { FeatureTable } from "@autodidact/core";
import { linearCka } from "../label-free/linear-cka.js";

export interface Likeness {
  readonly models: readonly string[];
  /** One row a model, one column a model. */
  readonly cka: readonly (readonly number[])[];
}

export interface Featured {
  readonly model: string;
  /** How many examples the model was tested on. */
  readonly examples: number;
  /** Of the test examples, or of some of them, the same of all models. */
  readonly features: FeatureTable | undefined;
}

/** Time grows with the square of the models. */
const MOST_MODELS = 8;

/** Of the first models whose features are known; undefined where these are fewer than two, or the examples fewer than four. */
export function likenessOf(rows: readonly Featured[]): Likeness | undefined {
  const known = rows.flatMap(({ features, ...row }) => (features === undefined ? [] : [{ ...row, features }]));
  const compared = known.filter(({ examples }) => examples === known[0]!.examples).slice(0, MOST_MODELS);
  if (compared.length < 2 || compared.some(({ features }) => features.count < 4)) return undefined;
  const alike = (i: number, j: number): number =>
    i === j ? 1 : linearCka(compared[i]!.features, compared[j]!.features, { unbiased: true });
  const lower = compared.map((_, i) => compared.slice(0, i + 1).map((_, j) => alike(i, j)));
  return {
    models: compared.map(({ model }) => model),
    cka: compared.map((_, i) => compared.map((_, j) => lower[Math.max(i, j)]![Math.min(i, j)]!)),
  };
}
