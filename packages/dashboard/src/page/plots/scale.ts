/**
 * From values to places on the screen, and the round numbers that are written at an axis.
 */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

type Ends = readonly [number, number];

/** The axis begins and ends at round numbers. */
export function linearScale([low, high]: Ends, [from, to]: Ends, count = 5): Scale {
  const ticks = roundNumbers(low, high, count);
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  return Object.assign((value: number) => from + ((value - first) / (last - first)) * (to - from), { ticks });
}

/** Both ends are above 0. `ticks` are powers of ten, with 2 and 5 of each where there are few, within the ends. */
export function logScale([low, high]: Ends, [from, to]: Ends): Scale {
  const isPoint = low === high;
  const [first, last] = isPoint ? [low / 2, high * 2] : [low, high];
  const place = (value: number) =>
    from + ((Math.log(value) - Math.log(first)) / (Math.log(last) - Math.log(first))) * (to - from);
  return Object.assign(place, { ticks: isPoint ? [low] : roundPowers(low, high) });
}

/** Round numbers that hold both ends. */
export function roundNumbers(low: number, high: number, count: number): number[] {
  const raw = (high - low || Math.abs(high) || 1) / Math.max(1, count - 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= raw * 0.99)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

function roundPowers(low: number, high: number): number[] {
  const from = Math.floor(Math.log10(low) - 1e-9);
  const to = Math.ceil(Math.log10(high) + 1e-9);
  const digits = Math.log10(high / low) < 2 ? [1, 2, 5] : [1];
  const all = Array.from({ length: to - from + 1 }, (_, place) => 10 ** (from + place)).flatMap((power) =>
    digits.map((digit) => Number((digit * power).toPrecision(12))),
  );
  const within = all.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  return within.length > 0 ? within : [low, high];
}
