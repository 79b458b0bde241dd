/**
 * L-BFGS: Newton's method with the curvature remembered from the last steps.
 *
 * Nocedal & Wright, Numerical Optimization (2nd ed.), algorithms 7.4 and 7.5, with a strong-Wolfe line search.
 */
import { type LinePoint, wolfeSearch } from "./wolfe-search.js";

export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface LbfgsOptions {
  maxIterations?: number;
  /** Pairs of steps and gradient changes that are remembered. */
  history?: number;
  /** Ends where no gradient is greater. */
  gradientTolerance?: number;
  /** Ends where the value falls by less than this share. */
  valueTolerance?: number;
}

export interface Minimum extends Evaluation {
  readonly point: Float64Array;
  readonly iterations: number;
  readonly evaluations: number;
  /** Why it ended. */
  readonly reason: "gradient" | "value" | "iterations" | "line search";
}

interface Place extends Evaluation {
  readonly point: Float64Array;
}

interface Pair {
  /** s = xₖ₊₁ − xₖ */
  readonly step: Float64Array;
  /** y = ∇fₖ₊₁ − ∇fₖ */
  readonly change: Float64Array;
  /** ρ = 1 / yᵀs */
  readonly rho: number;
}

export async function lbfgs(
  evaluate: (point: Float64Array) => Promise<Evaluation>,
  start: Float64Array,
  { maxIterations = 200, history = 10, gradientTolerance = 1e-5, valueTolerance = 1e-9 }: LbfgsOptions = {},
): Promise<Minimum> {
  let evaluations = 0;
  const visit = async (point: Float64Array): Promise<Place> => {
    evaluations += 1;
    return { point, ...(await evaluate(point)) };
  };
  const pairs: Pair[] = [];
  let here = await visit(start.slice());

  for (let iterations = 0; ; iterations++) {
    const end = (reason: Minimum["reason"]) => ({ ...here, iterations, evaluations, reason });
    if (here.gradient.every((slope) => Math.abs(slope) <= gradientTolerance)) return end("gradient");
    if (iterations === maxIterations) return end("iterations");

    const direction = descentDirection(here.gradient, pairs);
    const from = here;
    const evaluateAt = async (step: number): Promise<LinePoint<Place>> => {
      const place = await visit(plus(from.point, direction, step));
      return { step, value: place.value, slope: dot(place.gradient, direction), state: place };
    };
    const origin = { step: 0, value: from.value, slope: dot(from.gradient, direction), state: from };
    const firstStep = pairs.length > 0 ? 1 : Math.min(1, 1 / from.gradient.reduce((sum, x) => sum + Math.abs(x), 0));
    here = (await wolfeSearch(evaluateAt, origin, firstStep)).state;

    if (here === from) {
      if (pairs.length === 0) return end("line search");
      pairs.length = 0; // stale curvature: once more along the gradient
      continue;
    }
    remember(pairs, from, here, history);
    if (from.value - here.value <= valueTolerance * Math.max(1, Math.abs(here.value))) return end("value");
  }
}

/** −H∇f by the two-loop recursion, algorithm 7.4. */
function descentDirection(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  let q: Float64Array = gradient.map((x) => -x);
  const alphas: number[] = [];
  for (const { step, change, rho } of pairs.toReversed()) {
    const alpha = rho * dot(step, q);
    alphas.unshift(alpha);
    q = plus(q, change, -alpha);
  }
  const last = pairs.at(-1);
  const gamma = last === undefined ? 1 : 1 / (last.rho * dot(last.change, last.change)); // eq. 7.20
  let r: Float64Array = q.map((x) => x * gamma);
  pairs.forEach(({ step, change, rho }, i) => {
    r = plus(r, step, alphas[i]! - rho * dot(change, r));
  });
  return r;
}

/** Keeps the newest pairs; one without positive curvature would make H indefinite. */
function remember(pairs: Pair[], from: Place, to: Place, history: number): void {
  const step = plus(to.point, from.point, -1);
  const change = plus(to.gradient, from.gradient, -1);
  const curvature = dot(step, change);
  if (curvature <= 1e-10 * dot(change, change)) return;
  pairs.push({ step, change, rho: 1 / curvature });
  if (pairs.length > history) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** a + scale · b */
function plus(a: Float64Array, b: Float64Array, scale: number): Float64Array {
  const sum = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) sum[i] = a[i]! + scale * b[i]!;
  return sum;
}
