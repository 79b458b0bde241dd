/**
 * The only source of chance: a seeded, splittable, saveable stream.
 *
 * xoshiro128** 1.1, Blackman and Vigna, https://prng.di.unimi.it/xoshiro128starstar.c, seeded by splitmix64 as its authors advise.
 */
import { createHash } from "node:crypto";

export interface Random {
  /** A number in [low, high); 0 and 1 unless told. */
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

type Words4 = readonly [number, number, number, number];

const algorithm = "xoshiro128**";
const twoTo32 = 2 ** 32;

/** The stream of a seed: any whole number up to 2⁵³ − 1. */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`createRandom: seed must be a whole number within ±(2^53 − 1), got ${seed}.`);
  }
  const identity = splitmix(seed);
  return stream(identity, identity);
}

/** Continues a saved stream bit for bit. */
export function restoreRandom(state: RandomState): Random {
  const { words } = state;
  const known = state.algorithm === algorithm && (words.length === 8 || words.length === 10);
  if (!known || !words.every((word) => word === word >>> 0) || words.slice(0, 4).every((word) => word === 0)) {
    throw new Error(
      `restoreRandom: the state must be 8 or 10 unsigned 32-bit words of ${algorithm}, got ${words.length} of ${state.algorithm}. ` +
        "It was written by another version or damaged.",
    );
  }
  const spare = words.length === 10 ? joinFloat(words[8]!, words[9]!) : undefined;
  return stream(fourWords(words, 4), fourWords(words, 0), spare);
}

/**
 * `identity` is the state the stream began with: splitting hashes it with a name, so that a child depends on its ancestors' seed and
 * names but not on how far they have run. `spare` is the second normal of a Box–Muller pair.
 */
function stream(identity: Words4, [s0, s1, s2, s3]: Words4, spare?: number): Random {
  function next(): number {
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  function uniform(low = 0, high = 1): number {
    const value = low + (next() / twoTo32) * (high - low);
    return value < high ? value : low; // rounding may reach `high`
  }

  function standardNormal(): number {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log((next() + 1) / twoTo32)); // (0, 1]: the logarithm is finite
    const angle = (2 * Math.PI * next()) / twoTo32;
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  const normal = (mean = 0, standardDeviation = 1) => mean + standardDeviation * standardNormal();

  function integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > twoTo32) {
      throw new RangeError(`Random.integer: below must be a whole number from 1 to 2^32, got ${below}.`);
    }
    const fair = twoTo32 - (twoTo32 % below); // the largest multiple: what lies above would favour small numbers
    let value = next();
    while (value >= fair) value = next();
    return value % below;
  }

  function permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i -= 1) {
      const j = integer(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order;
  }

  function uniforms(n: number, low = 0, high = 1): Float32Array {
    const values = new Float32Array(n);
    for (let i = 0; i < n; i += 1) {
      values[i] = uniform(low, high);
      if (values[i]! >= high) values[i] = low; // rounding to 32 bits may reach `high`
    }
    return values;
  }

  function normals(n: number, mean = 0, standardDeviation = 1): Float32Array {
    const values = new Float32Array(n);
    for (let i = 0; i < n; i += 1) values[i] = normal(mean, standardDeviation);
    return values;
  }

  return {
    uniform,
    normal,
    integer,
    chance: (p) => uniform() < p,
    permutation,
    uniforms,
    normals,
    split: (name) => {
      const child = hashed(identity, String(name));
      return stream(child, child);
    },
    state: () => ({
      algorithm,
      words: [s0, s1, s2, s3, ...identity]
        .map((word) => word >>> 0)
        .concat(spare === undefined ? [] : splitFloat(spare)),
    }),
  };
}

/** Four words of splitmix64 (Steele et al. 2014, https://prng.di.unimi.it/splitmix64.c): never all zero. */
function splitmix(seed: number): Words4 {
  let x = BigInt.asUintN(64, BigInt(seed));
  function next(): bigint {
    x = BigInt.asUintN(64, x + 0x9e3779b97f4a7c15n);
    let z = x;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  }
  const first = next();
  const second = next();
  const low = (value: bigint) => Number(value & 0xffffffffn);
  return [low(first), Number(first >> 32n), low(second), Number(second >> 32n)];
}

/** 128 bits of SHA-256 over the parent's identity and the child's name. */
function hashed(identity: Words4, name: string): Words4 {
  const parent = Buffer.alloc(16);
  identity.forEach((word, i) => {
    parent.writeUInt32LE(word >>> 0, 4 * i);
  });
  const digest = createHash("sha256").update(parent).update(name).digest();
  return [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12)];
}

function fourWords(words: readonly number[], start: number): Words4 {
  return [words[start]!, words[start + 1]!, words[start + 2]!, words[start + 3]!];
}

function splitFloat(value: number): number[] {
  return [...new Uint32Array(Float64Array.of(value).buffer)];
}

function joinFloat(low: number, high: number): number {
  return new Float64Array(Uint32Array.of(low, high).buffer)[0]!;
}
