/**
 * A vocabulary for tests of what learns from ids: five special tokens, then pieces of which every third goes on with a word.
 */
import type { Tokenizer } from "../tokenizer/tokenizer.js";

export const special = { pad: 0, unknown: 1, classification: 2, separator: 3, mask: 4 } as const;

const specialPieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

export function toyTokenizer(vocabularySize: number): Tokenizer {
  const ids = Array.from({ length: vocabularySize }, (_, id) => id);
  return {
    vocabularySize,
    special,
    encode: (text) => Int32Array.from(text.match(/\S+/g) ?? [], (word) => ids[Number(word)] ?? special.unknown),
    decode: (numbers) =>
      Array.from(numbers)
        .filter((id) => id > 4)
        .join(" "),
    piece: (id) => specialPieces[id] ?? (id % 3 === 0 ? `##${id}` : `${id}`),
    continuesWord: Uint8Array.from(ids, (id) => Number(id > 4 && id % 3 === 0)),
    isSpecial: Uint8Array.from(ids, (id) => Number(id <= 4)),
    files: { "tokenizer.json": {}, "tokenizer_config.json": {} },
  };
}
