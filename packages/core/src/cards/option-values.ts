/**
 * What an option may be, said where it is refused.
 */
import { UsageError } from "../usage-error.js";

interface Range {
  readonly from?: number;
  readonly to?: number;
  /** The lower end itself is refused. */
  readonly above?: number;
  /** The upper end itself is refused. */
  readonly below?: number;
}

/** Parses a whole number of the range; `from` 1 unless told. */
export function wholeNumber({ from = 1, to }: Range = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < from || (to !== undefined && value > to)) {
      throw new UsageError(`It must be a whole number ${describe({ from, to })}.`);
    }
    return value;
  };
}

export function realNumber(range: Range = {}): (text: string) => number {
  const { from = -Infinity, to = Infinity, above = -Infinity, below = Infinity } = range;
  const holds = (value: number) => value >= from && value <= to && value > above && value < below;
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || !holds(value)) {
      throw new UsageError(`It must be a number ${describe(range)}.`);
    }
    return value;
  };
}

/** A probability or share. */
export const share = realNumber({ from: 0, to: 1 });

/** Two numbers, the first no greater: `0.2,1`. */
export function interval(range: Range): (text: string) => [number, number] {
  const parse = realNumber(range);
  return (text) => {
    const parts = text.split(",");
    if (parts.length !== 2) throw new UsageError("It must be two numbers with a comma between, the lower first.");
    const [low, high] = [parse(parts[0]!), parse(parts[1]!)];
    if (low > high) throw new UsageError("The first number must not be greater than the second.");
    return [low, high];
  };
}

/** A range of values by its middle and its length: `40,400`. */
export function centerAndWidth(text: string): { center: number; width: number } {
  const [center, width, ...others] = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (others.length === 0 && Number.isFinite(center) && Number.isFinite(width) && width! > 0)
    return { center: center!, width: width! };
  throw new UsageError("It must be a center and a width above 0 with a comma between: 40,400.");
}

function describe({ from, to, above, below }: Range): string {
  if (below !== undefined) {
    const lower = above !== undefined ? `above ${above} and ` : from !== undefined ? `of at least ${from} and ` : "";
    return `${lower}below ${below}`;
  }
  if (from !== undefined && to !== undefined) return `from ${from} to ${to}`;
  if (above !== undefined && to !== undefined) return `above ${above}, up to ${to}`;
  if (above !== undefined) return `above ${above}`;
  if (from !== undefined) return `of at least ${from}`;
  return to === undefined ? "" : `up to ${to}`;
}
