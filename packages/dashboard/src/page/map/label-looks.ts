/**
 * How the points of a label look: eight colours, and a shape for every eight labels more.
 */
import { SERIES_COLOURS } from "../plots/series-colour.js";

export interface LabelLook {
  readonly label: string;
  readonly count: number;
  /** The place among the colours. */
  readonly colour: number;
  readonly shape: (typeof SHAPES)[number];
}

const SHAPES = ["disk", "square", "triangle", "diamond"] as const;

/** The most frequent first, so that they get the clearest looks. */
export function looksOf(labels: readonly string[]): LabelLook[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .map(([label, count], place) => ({
      label,
      count,
      colour: place % SERIES_COLOURS,
      shape: SHAPES[Math.floor(place / SERIES_COLOURS) % SHAPES.length]!,
    }));
}
