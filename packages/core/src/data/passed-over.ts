/**
 * What lies in somebody's data and is not read: counted by kind, the first few by name.
 */
import type { PassedOver } from "./found-data.js";

const NAMES_KEPT = 5;

export interface Tally {
  /** `what` in the plural: ".txt files". */
  add(what: string, name: string): void;
  list(): PassedOver[];
}

export function tally(): Tally {
  const kinds = new Map<string, { count: number; names: string[] }>();
  return {
    add(what, name) {
      const kind = kinds.get(what) ?? { count: 0, names: [] };
      kinds.set(what, kind);
      kind.count += 1;
      if (kind.names.length < NAMES_KEPT) kind.names.push(name);
    },
    list: () => [...kinds].map(([what, { count, names }]) => ({ what, count, names })),
  };
}
