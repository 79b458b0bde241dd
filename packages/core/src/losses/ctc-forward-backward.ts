/**
 * The forward and the backward variables of CTC in tensor operations, frame after frame: Graves et al. 2006, section 4.1, in log space.
 *
 * Both recursions run as one: the backward variables are forward ones of the sequence seen from its end, so the batch holds each utterance
 * twice, and a graph has one chain of frames. The labels l₁ l₂ become the states ␣ l₁ ␣ l₂ ␣. A place that cannot be reached has the
 * logarithm −10³⁰, not −∞, whose differences are not numbers.
 */
import {
  add,
  cast,
  concat,
  equal,
  exp,
  fill,
  gather,
  less,
  log,
  logicalAnd,
  logicalOr,
  logSoftmax,
  maximum,
  mul,
  neg,
  notEqual,
  pad,
  range,
  reshape,
  reverse,
  slice,
  softmax,
  split,
  stack,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tile,
  transpose,
  unsortedSegmentSum,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";

export interface CtcLabels {
  /** int32 [N, L], each from 1 to V − 1; what stands behind an utterance's own does not count. */
  readonly labels: Tensor2D;
  /** Labels of each utterance, int32 [N]; 0 says that nothing was said. */
  readonly lengths: Tensor1D;
  /** Frames of each utterance, int32 [N]; what stands behind them does not count. */
  readonly frames: Tensor1D;
}

/** Some twenty operations a frame are recorded, and a graph's compilation grows faster than its length. */
export const MOST_COMPOSED_FRAMES = 400;

const NEVER = -1e30;

/** −ln p of each utterance, [N], and its gradient at the logits, [N, F, V]. */
export function forwardBackward(logits: Tensor3D, labels: CtcLabels): { losses: Tensor1D; slope: Tensor3D } {
  const [n, f, v] = logits.shape;
  const states = statesOf(labels);
  const s = states.shape[1];
  const logarithms = logSoftmax(logits); // [N, F, V]
  const places = reshape(add(states, reshape(range(0, n * v, v, "int32"), [n, 1])), [-1]) as Tensor1D; // rows of [N·V, F]
  const byClass = reshape(transpose(logarithms, [0, 2, 1]), [n * v, f]);
  const emissions = transpose(reshape(gather(byClass, places), [n, s, f]), [2, 0, 1]) as Tensor3D; // [F, N, S]

  const both = recursion(twoWays(emissions, states, labels)); // [F, 2N, S]
  const forward = slice(both, [0, 0, 0], [f, n, s]); // α, the frame's own emission in it
  const backward = reverse(slice(both, [0, n, 0], [f, n, s]), [0, 2]); // β, the frame's own emission in it
  const begun = slice(backward, [0, 0, 0], [1, n, 2]); // β₁ of the two states that a sequence may begin with
  const [blank, label] = split(reshape(begun, [n, 2]), 2, 1) as [Tensor, Tensor];
  const total = logSum(blank, label); // ln p, [N, 1]

  const occupied = softmax(sub(add(forward, backward), emissions)); // p(state | labels) of each frame: rounding of ln p falls out, [F, N, S]
  const rows = reshape(transpose(occupied, [1, 2, 0]), [n * s, f]);
  const expected = transpose(reshape(unsortedSegmentSum(rows, places, n * v), [n, v, f]), [0, 2, 1]); // [N, F, V]
  const counts = cast(less(reshape(range(0, f, 1, "int32"), [1, f, 1]), reshape(labels.frames, [n, 1, 1])), "float32");
  const slope = mul(sub(exp(logarithms), expected), counts) as Tensor3D; // eq. 16, at the logits
  const flat = reshape(total, [n]);
  const losses = where(less(flat, NEVER / 2), fill([n], Number.POSITIVE_INFINITY), neg(flat)) as Tensor1D;
  return { losses, slope };
}

/** Blanks before, between and behind the labels; behind an utterance's own nothing but blanks. int32 [N, 2L + 1]. */
function statesOf({ labels, lengths }: CtcLabels): Tensor2D {
  const [n, l] = labels.shape;
  const isOwn = less(reshape(range(0, l, 1, "int32"), [1, l]), reshape(lengths, [n, 1]));
  const own = where(isOwn, labels, zerosLike(labels));
  const pairs = reshape(stack([own, zerosLike(own)], 2), [n, 2 * l]);
  return pad(pairs, [
    [0, 0],
    [1, 0],
  ]) as Tensor2D;
}

interface Recursion {
  /** ln p(state's class) of each frame, [F, B, S]. */
  readonly emissions: Tensor3D;
  /** 0 where a sequence begins, never elsewhere, [F, B, S]. */
  readonly beginnings: Tensor;
  /** 0 where the state two before may be left for this one, never elsewhere, [B, S]. */
  readonly skips: Tensor;
}

/** Each utterance from its start and, below it, from its end: frames and states the other way round. */
function twoWays(emissions: Tensor3D, states: Tensor2D, { lengths, frames }: CtcLabels): Recursion {
  const [f, n, s] = emissions.shape;
  const state = reshape(range(0, s, 1, "int32"), [1, s]);
  const last = reshape(mul(lengths, 2), [n, 1]); // the blank behind the last label
  const isFirst = less(tile(state, [n, 1]), 2);
  const isLast = logicalOr(equal(state, last), equal(state, sub(last, 1))); // that blank, or the label before
  const first = concat([cast(isFirst, "float32"), reverse(cast(isLast, "float32"), 1)]); // [2N, S]
  const start = concat([zerosLike(frames), sub(f, frames)]); // the frame of each that is the first, [2N]
  const isStart = equal(reshape(range(0, f, 1, "int32"), [f, 1, 1]), reshape(start, [1, 2 * n, 1]));
  const beginnings = mul(sub(1, mul(cast(isStart, "float32"), reshape(first, [1, 2 * n, s]))), NEVER);

  const before = pad(slice(states, [0, 0], [n, s - 2]), [
    [0, 0],
    [2, 0],
  ]);
  const mayLeave = cast(logicalAnd(notEqual(states, 0), notEqual(states, before)), "float32");
  const skips = mul(sub(1, mayLeave), NEVER);
  const behind = concat([slice(skips, [0, 2], [n, s - 2]), fill([n, 2], NEVER)], 1); // from two behind, the way back
  return {
    emissions: concat([emissions, reverse(emissions, [0, 2])], 1) as Tensor3D,
    beginnings,
    skips: concat([skips, reverse(behind, 1)]),
  };
}

/** αₜ(s) = (αₜ₋₁(s) + αₜ₋₁(s − 1) + αₜ₋₁(s − 2) where it may be skipped) · y(s), eq. 6 and 7, in logarithms; [F, B, S]. */
function recursion({ emissions, beginnings, skips }: Recursion): Tensor3D {
  const [f, rows, s] = emissions.shape;
  const [emitted, begins] = [emissions, beginnings].map((all) =>
    split(all, f).map((frame) => reshape(frame, [rows, s])),
  ) as [Tensor2D[], Tensor2D[]];
  const left = fill([rows, 2], NEVER);
  let now = fill([rows, s], NEVER) as Tensor;
  const all = emitted.map((emission, frame) => {
    const wide = concat([left, now], 1);
    const [stays, moves] = [now, slice(wide, [0, 1], [rows, s])];
    const jumps = add(slice(wide, [0, 0], [rows, s]), skips);
    const most = maximum(maximum(stays, moves), jumps);
    const sum = add(add(exp(sub(stays, most)), exp(sub(moves, most))), exp(sub(jumps, most)));
    now = add(maximum(add(most, log(sum)), begins[frame]!), emission);
    return now;
  });
  return stack(all) as Tensor3D;
}

/** ln(eᵃ + eᵇ). */
function logSum(a: Tensor, b: Tensor): Tensor {
  const most = maximum(a, b);
  return add(most, log(add(exp(sub(a, most)), exp(sub(b, most)))));
}
