/**
 * The order of a table's rows.
 */
export type Sortable = number | string | null;
export type Direction = "ascending" | "descending";

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Rows that have no value are last, whichever way; equal rows stay as they were. */
export function sortRows<Row>(rows: readonly Row[], valueIn: (row: Row) => Sortable, direction: Direction): Row[] {
  const sign = direction === "ascending" ? 1 : -1;
  return [...rows].sort((first, second) => {
    const [a, b] = [valueIn(first), valueIn(second)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * compare(a, b);
  });
}

function compare(a: number | string, b: number | string): number {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}

/** Every word must be somewhere in the text. */
export function matches(text: string, typed: string): boolean {
  const low = text.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => low.includes(word));
}
