/**
 * The ids of a text as they are made, and where in the text their words begin as long as that is known.
 */
export interface Row {
  readonly ids: number[];
  /** What is appended next is of the word at this place of the text. */
  begin(place: number): void;
  /** Where words begin is not known in this text. */
  loseWay(): void;
  /** For each id the place in the text, in UTF-16 units, where its word begins; undefined where that is not known. */
  places(): Uint32Array | undefined;
}

export function row(): Row {
  const ids: number[] = [];
  const starts: number[] = []; // pairs of a place, and how many ids there were before it
  let isLost = false;
  return {
    ids,
    begin: (place) => starts.push(place, ids.length),
    loseWay() {
      isLost = true;
    },
    places() {
      if (isLost) return undefined;
      const places = new Uint32Array(ids.length);
      for (let i = 0; i < starts.length; i += 2) places.fill(starts[i]!, starts[i + 1]!, starts[i + 3] ?? ids.length);
      return places;
    },
  };
}
