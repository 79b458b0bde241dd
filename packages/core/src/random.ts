/**
 * The only source of chance: a seeded, splittable, saveable stream.
 */
export interface Random {
  /** In [low, high); 0 and 1 unless told. */
  uniform(low?: number, high?: number): number;
  normal(mean?: number, standardDeviation?: number): number;
  /** A whole number in [0, below). */
  integer(below: number): number;
  /** True with probability p. */
  chance(p: number): boolean;
  /** 0 … n−1 in random order. */
  permutation(n: number): Uint32Array;
  uniforms(n: number, low?: number, high?: number): Float32Array;
  normals(n: number, mean?: number, standardDeviation?: number): Float32Array;
  /** An independent stream, the same for the same name; does not move this one. */
  split(name: string | number): Random;
  /** Plain JSON; `restoreRandom` continues the stream bit for bit. */
  state(): RandomState;
}

export interface RandomState {
  readonly algorithm: string;
  readonly words: readonly number[];
}
