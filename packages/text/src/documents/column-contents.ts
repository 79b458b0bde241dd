/**
 * What columns hold, by their values alone: texts, classes, numbers of rows.
 */

export interface ColumnContents {
  /** Values that are not empty. */
  readonly filled: number;
  /** How often each value occurs, of the first so many different ones. */
  readonly counts: ReadonlyMap<string, number>;
  readonly meanWords: number;
  readonly longest: number;
  /** The share of the values that are numbers, 0 to 1. */
  readonly numeric: number;
  /** Every value is another one, a single word with a digit: a number of the row, a hash. */
  readonly isId: boolean;
  /** The values are days: `2024-05-01`, `1/5/2024 10:00`. */
  readonly isDate: boolean;
}

const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b/;

/** Different values that are counted; classes are fewer. */
const MOST_VALUES = 5000;
/** The characters of a value that tell what it is. */
const LOOKED_AT = 2000;

export const isNumber = (value: string) => value.trim() !== "" && Number.isFinite(Number(value));

export function contentsOf(values: Iterable<string>): ColumnContents {
  const counts = new Map<string, number>();
  let [filled, words, longest, numbers, marked, dates] = [0, 0, 0, 0, 0, 0];
  for (const whole of values) {
    const value = whole.slice(0, LOOKED_AT).trim();
    if (value === "") continue;
    filled += 1;
    const own = value.split(/\s+/).length;
    words += own;
    longest = Math.max(longest, value.length);
    if (isNumber(value)) numbers += 1;
    if (DATE.test(value)) dates += 1;
    if (own === 1 && /\d/.test(value)) marked += 1;
    if (counts.has(value) || counts.size < MOST_VALUES) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return {
    filled,
    counts,
    meanWords: filled === 0 ? 0 : words / filled,
    longest,
    numeric: filled === 0 ? 0 : numbers / filled,
    isDate: filled > 0 && dates >= 0.9 * filled,
    isId: filled > 2 && marked >= 0.9 * filled && counts.size >= Math.min(filled, MOST_VALUES),
  };
}

/** Columns that could hold classes: few different short values, some of which come again. */
export function classLike(columns: readonly ColumnContents[]): number[] {
  const places = [...columns.keys()].filter((place) => {
    const { filled, counts, meanWords, longest, isDate } = columns[place]!;
    const isRepeated = counts.size < filled && (counts.size <= filled / 2 || counts.size <= 20);
    return !isDate && isRepeated && counts.size <= 1000 && meanWords <= 3 && longest <= 64;
  });
  const varied = places.filter((place) => columns[place]!.counts.size >= 2);
  const some = varied.length > 0 ? varied : places;
  if (some.length < 2 || columns.length > 2) return some;
  const [one, other] = some.map((place) => columns[place]!.counts.size);
  if (2 * one! <= other!) return some.slice(0, 1); // short texts that come again
  return 2 * other! <= one! ? some.slice(1) : some;
}

/** Columns that could hold texts: words that are neither numbers nor names of rows. */
export function textLike(columns: readonly ColumnContents[], label: number | undefined): number[] {
  const places = [...columns.keys()].filter((place) => {
    const { filled, numeric, isId, isDate, counts } = columns[place]!;
    return place !== label && filled > 0 && numeric < 0.5 && !isId && !isDate && (counts.size > 1 || filled === 1);
  });
  const long = places.filter((place) => columns[place]!.meanWords >= 4);
  return long.length > 0 ? long : places;
}

/** A name of a column rather than a text: a few words without an end. */
export const isNameLike = (cell: string) =>
  cell.length <= 40 && cell.trim().split(/\s+/).length <= 3 && !/[.!?…,;:]$/.test(cell.trim());
