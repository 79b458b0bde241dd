/**
 * One id a character: its place among the letters; what is no letter has the last id.
 */
import type { Tokenizer } from "../tokenizer/tokenizer.js";

export const letters = "\n .!abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789";

export function characterTokenizer({ vocabularySize = letters.length + 1, skip = "" } = {}): Tokenizer {
  return {
    vocabularySize,
    special: {},
    encode: (text) =>
      Int32Array.from(
        [...text].filter((character) => !skip.includes(character)),
        (character) => {
          const place = letters.indexOf(character);
          return place === -1 ? vocabularySize - 1 : place;
        },
      ),
    decode: (ids) => Array.from(ids, (id) => letters[id] ?? "?").join(""),
    piece: (id) => letters[id] ?? "?",
    continuesWord: new Uint8Array(vocabularySize),
    isSpecial: new Uint8Array(vocabularySize),
    files: { "tokenizer.json": { letters, skip }, "tokenizer_config.json": { vocabularySize } },
  };
}
