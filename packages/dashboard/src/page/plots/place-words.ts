/**
 * Names beside points, as many as find room: one that would touch another is left to the hovering.
 */
export interface Word {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedWord extends Word {
  readonly anchor: "start" | "end";
}

/** In CSS pixels, of the smallest text. */
const [LETTER, LINE, GAP] = [6.8, 15, 9];

/** The first come first. A word stands right of its point, or left of it near the edge. */
export function placeWords(words: readonly Word[], width: number): PlacedWord[] {
  const taken: { left: number; right: number; y: number }[] = [];
  const placed: PlacedWord[] = [];
  for (const { text, x, y } of words) {
    const long = text.length * LETTER;
    const isRight = x + GAP + long < width;
    const left = isRight ? x + GAP : x - GAP - long;
    if (left < 0) continue;
    const touches = taken.some(
      (other) => left < other.right && other.left < left + long && Math.abs(other.y - y) < LINE,
    );
    if (touches) continue;
    taken.push({ left, right: left + long, y });
    placed.push({ text, x: isRight ? x + GAP : x - GAP, y: y + 4, anchor: isRight ? "start" : "end" });
  }
  return placed;
}
