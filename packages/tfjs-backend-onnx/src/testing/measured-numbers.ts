/**
 * Numbers in double precision, each with a bound on what float32 may make of it: a running error analysis, to first order and a bit more.
 *
 * Higham 2002, Accuracy and Stability of Numerical Algorithms, 3.3.
 */
export interface Measured {
  readonly values: Float64Array;
  /** How far a float32 computation of the same steps may be off; ∞ where it may overflow. */
  readonly errors: Float64Array;
}

/** What one step adds to a result's error, in units of half a float32's last place. */
type Roundings = number;

const UNIT = 2 ** -24;
const LARGEST = 3e38;
/** Smaller numbers may be taken for zero. */
const SMALLEST = 2 ** -126;

export function exact(values: ArrayLike<number>): Measured {
  return { values: Float64Array.from(values), errors: new Float64Array(values.length) };
}

/** `size` numbers, each of which `compute` gives with its error, before it is rounded. */
export function measured(
  size: number,
  roundings: Roundings,
  compute: (i: number) => readonly [number, number],
): Measured {
  const result = exact(new Float64Array(size));
  for (let i = 0; i < size; i += 1) {
    const [value, error] = compute(i);
    const size = Math.abs(value);
    const lost = value !== 0 && size < SMALLEST ? SMALLEST : roundings * UNIT * size;
    const isBounded = size + error + lost < LARGEST; // NaN is not
    result.values[i] = value;
    result.errors[i] = isBounded ? error + lost : Number.POSITIVE_INFINITY;
  }
  return result;
}

/** f of each number, monotone or falling to zero and rising again: its ends are where it differs most. Jumps are seen, too. */
export function mapped({ values, errors }: Measured, roundings: Roundings, f: (x: number) => number): Measured {
  return measured(values.length, roundings, (i) => {
    const [x, error] = [values[i]!, errors[i]!];
    const y = f(x);
    return [y, error === 0 ? 0 : Math.max(Math.abs(f(x + error) - y), Math.abs(f(x - error) - y))];
  });
}

type Two = (a: number, b: number) => number;

/** A function of two numbers, and its error by theirs. */
export interface Pairing {
  readonly of: Two;
  readonly error: (a: number, b: number, ofA: number, ofB: number) => number;
  readonly roundings: Roundings;
}

const larger = (_a: number, _b: number, ofA: number, ofB: number) => Math.max(ofA, ofB);
const sum = (_a: number, _b: number, ofA: number, ofB: number) => ofA + ofB;
/** Numbers that are equal in double precision are the same number; those that are nearly so may be in any order. */
const order = (a: number, b: number, ofA: number, ofB: number) => (a !== b && Math.abs(a - b) <= ofA + ofB ? 1 : 0);
const truth = (of: (a: number, b: number) => boolean): Pairing => ({
  of: (a, b) => Number(of(a, b)),
  error: order,
  roundings: 0,
});

export const PAIRINGS = {
  Add: { of: (a, b) => a + b, error: sum, roundings: 1 },
  Sub: { of: (a, b) => a - b, error: sum, roundings: 1 },
  Multiply: {
    of: (a, b) => a * b,
    error: (a, b, ofA, ofB) => Math.abs(a) * ofB + Math.abs(b) * ofA + ofA * ofB,
    roundings: 2,
  },
  RealDiv: {
    of: (a, b) => a / b,
    error: (a, b, ofA, ofB) => (ofA + Math.abs(a / b) * ofB) / Math.max(0, Math.abs(b) - ofB),
    roundings: 3,
  },
  Maximum: { of: Math.max, error: larger, roundings: 0 },
  Minimum: { of: Math.min, error: larger, roundings: 0 },
  Greater: truth((a, b) => a > b),
  GreaterEqual: truth((a, b) => a >= b),
  Less: truth((a, b) => a < b),
  LessEqual: truth((a, b) => a <= b),
  Equal: truth((a, b) => a === b),
  LogicalAnd: { of: (a, b) => Number(a !== 0 && b !== 0), error: larger, roundings: 0 },
} satisfies Record<string, Pairing>;

/** Chooses where the condition is sure; otherwise it may be either. */
export function chosen(condition: Measured, yes: Measured, no: Measured): Measured {
  return measured(yes.values.length, 0, (i) => {
    const [a, b] = [yes.values[i]!, no.values[i]!];
    const [taken, error] = condition.values[i] ? [a, yes.errors[i]!] : [b, no.errors[i]!];
    return [taken, condition.errors[i] ? Math.abs(a - b) + Math.max(yes.errors[i]!, no.errors[i]!) : error];
  });
}

/** Sums, in any order that is about as good as pairwise, of `length` neighbours each. */
export function sums({ values, errors }: Measured, length: number): Measured {
  const roundings = 8 + Math.log2(Math.max(1, length));
  return measured(values.length / length, 0, (row) => {
    let [total, error, size] = [0, 0, 0];
    for (let i = row * length; i < (row + 1) * length; i += 1) {
      total += values[i]!;
      error += errors[i]!;
      size += Math.abs(values[i]!);
    }
    return [total, length === 1 ? error : error + roundings * UNIT * size];
  });
}

/** The largest of `length` neighbours each. */
export function largest({ values, errors }: Measured, length: number): Measured {
  return measured(values.length / length, 0, (row) => {
    let [most, error] = [Number.NEGATIVE_INFINITY, 0];
    for (let i = row * length; i < (row + 1) * length; i += 1) {
      most = Math.max(most, values[i]!);
      error = Math.max(error, errors[i]!);
    }
    return [most, error];
  });
}

/** Taylor's series near zero, a continued fraction of 1 − erf beyond. */
export function erf(x: number): number {
  const t = Math.abs(x);
  if (t > 6) return Math.sign(x);
  if (t < 3) {
    let [term, total] = [t, t];
    for (let n = 1; Math.abs(term) > 1e-18 * total; n += 1) {
      term *= (-t * t) / n;
      total += term / (2 * n + 1);
    }
    return (Math.sign(x) * total * 2) / Math.sqrt(Math.PI);
  }
  let below = 0;
  for (let n = 60; n > 0; n -= 1) below = n / 2 / (t + below);
  return Math.sign(x) * (1 - Math.exp(-t * t) / (Math.sqrt(Math.PI) * (t + below)));
}
