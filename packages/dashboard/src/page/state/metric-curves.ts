/**
 * Curves of a run as they grow: what the server tells after a cursor is joined to what is held.
 */
import type { MetricsView } from "../../api.js";

export interface Curve {
  /** Ascending. */
  readonly steps: readonly number[];
  /** Null where the value was not finite. */
  readonly values: readonly (number | null)[];
}

/** By the series' names, in the order in which they were first told. */
export type Curves = ReadonlyMap<string, Curve>;

/** Points a curve is kept at, once it has twice as many: more than a screen has columns. */
const MOST_POINTS = 2000;

/** A run that went back to a checkpoint writes steps again: the newer ones hold. */
export function mergeMetrics(held: Curves, { restarted, series }: MetricsView): Curves {
  const merged = new Map(restarted ? [] : held);
  for (const { name, steps, values } of series) {
    if (steps.length === 0) continue;
    const before = merged.get(name) ?? { steps: [], values: [] };
    const kept = countBelow(before.steps, steps[0]!);
    const curve = {
      steps: [...before.steps.slice(0, kept), ...steps],
      values: [...before.values.slice(0, kept), ...values],
    };
    merged.set(name, curve.steps.length > 2 * MOST_POINTS ? thin(curve, MOST_POINTS) : curve);
  }
  return merged;
}

/** At most so many points: the smallest and the largest of each stretch, and the last, so that no spike is lost. */
export function thin(curve: Curve, most: number): Curve {
  const { steps, values } = curve;
  if (steps.length <= most) return curve;
  const stretches = Math.max(1, (most - 1) >> 1);
  const kept: number[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * steps.length) / stretches);
    const to = Math.floor(((stretch + 1) * steps.length) / stretches);
    kept.push(...extremesOf(values, from, to));
  }
  const last = steps.length - 1;
  if (kept.at(-1) !== last) kept.push(last);
  return { steps: kept.map((place) => steps[place]!), values: kept.map((place) => values[place]!) };
}

/** Several curves over one axis of steps, as uPlot wants them: undefined where a curve has no such step. */
export function alignCurves(curves: readonly Curve[]): [number[], ...(number | null | undefined)[][]] {
  const steps = [...new Set(curves.flatMap((curve) => curve.steps))].sort((a, b) => a - b);
  const columns = curves.map((curve) => {
    const byStep = new Map(curve.steps.map((step, place) => [step, curve.values[place]]));
    return steps.map((step) => byStep.get(step));
  });
  return [steps, ...columns];
}

/** Null where there is no finite value. */
export function extentOf(values: Iterable<number | null>): [low: number, high: number] | null {
  let extent: [number, number] | null = null;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (extent === null) extent = [value, value];
    else if (value < extent[0]) extent[0] = value;
    else if (value > extent[1]) extent[1] = value;
  }
  return extent;
}

/** Places of the smallest and the largest value, ascending; the first place where all are null. */
function extremesOf(values: readonly (number | null)[], from: number, to: number): number[] {
  let low = -1;
  let high = -1;
  for (let place = from; place < to; place++) {
    const value = values[place] ?? null;
    if (value === null) continue;
    if (low < 0 || value < values[low]!) low = place;
    if (high < 0 || value > values[high]!) high = place;
  }
  if (low < 0) return [from];
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}

function countBelow(steps: readonly number[], bound: number): number {
  const place = steps.findLastIndex((step) => step < bound);
  return place + 1;
}
