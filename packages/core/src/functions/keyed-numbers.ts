/**
 * Numbers by chance as a function of a key, a call's number and a place: the same on every engine, bit for bit, and in any order.
 *
 * It is a hash in the manner of middle-square generators (von Neumann 1951; Widynski 2017, https://arxiv.org/abs/1704.00358) and of Feistel
 * ciphers: parts of 11 bits, of which one adds the middle of its square to another. A sum of two parts is below 2¹² and its square below
 * 2²⁴, so float32, which every engine has, computes all of it exactly, fused multiply-adds or not. The kernel `Dropout` computes it in
 * whole numbers: packages/kernels/native/src/dropout/numbers.rs. Why so: decisions/0011-chance-inside-modules.md.
 */
import {
  add,
  cast,
  floor,
  mul,
  reshape,
  reverse,
  slice,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  tensor2d,
} from "@tensorflow/tfjs-core";
import type { Chance } from "../modules/mode.js";

/** A part's range: 0 … 2047. */
export const LIMB = 2048;
/** The numbers' range. */
export const NUMBERS = LIMB * LIMB;

/** Added before squaring, round by round: digits of π, so that nobody chose them. */
const ROUNDS = [
  [1415, 926],
  [535, 897],
  [932, 384],
  [626, 433],
  [832, 795],
] as const;

/** Whole numbers from 0 to 2²² − 1, float32 [rows, columns]. */
export function keyedNumbers({ key, call }: Chance, rows: number, columns: number): Tensor2D {
  const begun: Tensor2D = add(reshape(cast(key, "float32"), [4, 1]), places(rows, columns, call)); // [4, rows + columns]
  const stirred = stir(wrapped(begun));
  const part = (limb: number, first: number, count: number) =>
    slice(stirred[limb >> 1]!, [limb & 1, first], [1, count]);
  const r = [0, 1, 2, 3].map((limb) => reshape(part(limb, 0, rows), [rows, 1]));
  const c = [0, 1, 2, 3].map((limb) => part(limb, rows, columns)); // [1, columns]

  const a = wrapped(add(add(middle(add(c[0]!, r[0]!)), c[1]!), r[1]!)); // [rows, columns]
  const b = wrapped(add(add(middle(add(a, r[2]!)), c[2]!), r[3]!));
  const d = wrapped(add(middle(add(b, c[3]!)), a));
  return add(mul(d, LIMB), b);
}

/** Rows' numbers, then columns', each with the call's: low, middle and high part, and a part that tells rows from columns; [4, rows + columns]. */
function places(rows: number, columns: number, call: number): Tensor2D {
  const n = rows + columns;
  const parts = new Float32Array(4 * n);
  for (let i = 0; i < n; i += 1) {
    const isColumn = i >= rows;
    const place = isColumn ? i - rows : i;
    parts[i] = place % LIMB;
    parts[n + i] = Math.floor(place / LIMB) % LIMB;
    parts[2 * n + i] = (Math.floor(place / NUMBERS) + Math.floor((2 * call) / LIMB)) % LIMB;
    parts[3 * n + i] = (2 * call + Number(isColumn)) % LIMB;
  }
  return tensor2d(parts, [4, n]);
}

/** A Feistel cipher: two parts add to the other two, which then change places with them, crossed. [4, n] → [2, n] each. */
function stir(parts: Tensor2D): [Tensor2D, Tensor2D] {
  const { shape } = parts;
  let [left, right] = [0, 2].map((first) => slice(parts, [first, 0], [2, shape[1]])) as [Tensor2D, Tensor2D];
  for (const round of ROUNDS) {
    const added = add(left, tensor2d([...round], [2, 1])) as Tensor2D;
    [left, right] = [reverse(wrapped(add(middle(added), right)), 0), left];
  }
  return [left, right];
}

/** Bits 6 to 23 of x², x below 2¹². */
function middle<T extends Tensor>(x: T): T {
  return floor(mul(square(x), 2 ** -6));
}

/** x modulo 2¹¹. */
function wrapped<T extends Tensor>(x: T): T {
  return sub(x, mul(floor(mul(x, 1 / LIMB)), LIMB));
}
