import { splitSentences } from "../documents/sentences.js";

/**
 * Where sentences begin in a text, each with the white space *before* it: byte-level tokenizers put a space into the token of the word
 * behind it. The first begins at 0; an empty text has none.
 */
export function sentencePlaces(text: string): number[] {
  const places: number[] = [];
  let end = 0;
  for (const sentence of splitSentences(text)) {
    places.push(places.length === 0 ? 0 : text.slice(0, end).trimEnd().length);
    end += sentence.length;
  }
  return places;
}
