/**
 * A step along a line that falls enough and flattens enough: the strong Wolfe conditions.
 *
 * Nocedal & Wright, Numerical Optimization (2nd ed.), algorithms 3.5 and 3.6 with cubic interpolation (3.59).
 */
export interface LinePoint<State> {
  readonly step: number;
  readonly value: number;
  /** The derivative along the line. */
  readonly slope: number;
  readonly state: State;
}

export interface WolfeOptions {
  /** The value must fall by this share of what the slope promises: c₁ */
  sufficientDecrease?: number;
  /** The slope must flatten to this share: c₂ */
  curvature?: number;
  maxEvaluations?: number;
}

/** Searches from `start` (step 0); returns the best point seen, `start` itself where nothing is lower. */
export async function wolfeSearch<State>(
  evaluate: (step: number) => Promise<LinePoint<State>>,
  start: LinePoint<State>,
  firstStep: number,
  { sufficientDecrease = 1e-4, curvature = 0.9, maxEvaluations = 25 }: WolfeOptions = {},
): Promise<LinePoint<State>> {
  const falls = (point: LinePoint<State>) =>
    point.value <= start.value + sufficientDecrease * point.step * start.slope && Number.isFinite(point.slope);
  const isFlat = (point: LinePoint<State>) => Math.abs(point.slope) <= -curvature * start.slope;

  let low = start; // falls enough, the lowest so far
  let high: LinePoint<State> | undefined; // with `low` brackets a good step
  let step = firstStep;
  for (let i = 0; i < maxEvaluations; i++) {
    const point = await evaluate(step);
    if (!falls(point) || point.value >= low.value) {
      high = point;
    } else if (isFlat(point)) {
      return point;
    } else {
      // the minimum lies on the side to which the value falls
      const towardsHigh = high === undefined ? 1 : Math.sign(high.step - low.step);
      const pastMinimum = point.slope * towardsHigh >= 0;
      if (pastMinimum) high = low;
      const previous = low;
      low = point;
      if (high === undefined) {
        step = beyond(previous, low);
        continue;
      }
    }
    if (Math.abs(high.step - low.step) * Math.abs(low.slope) <= 1e-10 * Math.max(1, Math.abs(low.value))) break;
    step = between(low, high);
  }
  return low;
}

/** Extrapolated past `last`: 1.1 to 10 times its distance from `previous`. */
function beyond<State>(previous: LinePoint<State>, last: LinePoint<State>): number {
  const distance = last.step - previous.step;
  return clamp(cubicMinimum(previous, last), last.step + 0.1 * distance, last.step + 9 * distance);
}

/** Interpolated inside the bracket, a tenth away from both ends, so that it shrinks. */
function between<State>(low: LinePoint<State>, high: LinePoint<State>): number {
  const from = Math.min(low.step, high.step);
  const to = Math.max(low.step, high.step);
  const margin = 0.1 * (to - from);
  return clamp(cubicMinimum(low, high), from + margin, to - margin);
}

/** Where the cubic through both values and slopes is lowest; the middle where there is none. */
function cubicMinimum<State>(a: LinePoint<State>, b: LinePoint<State>): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step);
  const d2 = Math.sign(b.step - a.step) * Math.sqrt(d1 ** 2 - a.slope * b.slope);
  const minimum = b.step - (b.step - a.step) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2));
  return Number.isFinite(minimum) ? minimum : (a.step + b.step) / 2;
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
