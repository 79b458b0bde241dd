/**
 * Which pieces go on with the word before them, for masking whole words.
 */
import { BYTE_LETTERS } from "./byte-level.js";
import { holdsStage, type TokenizerJson } from "./tokenizer-json.js";

/**
 * WordPiece: pieces with `##`. Byte-level BPE: pieces whose first byte is a letter, a digit or of a character beyond ASCII, so not those
 * with a space (`Ġ`), another white space or punctuation before. A text's first piece, and one after a line end, has no space before it
 * and is marked all the same: who groups pieces starts a word at the first. Where words begin with `▁`: pieces without. Others: none.
 */
export function marksContinuations(
  json: TokenizerJson,
  pieces: readonly string[],
  special: ReadonlySet<number>,
): Uint8Array {
  const continues = ruleOf(json);
  return Uint8Array.from(pieces, (piece, id) => Number(piece !== "" && !special.has(id) && continues(piece)));
}

function ruleOf({ model, pre_tokenizer }: TokenizerJson): (piece: string) => boolean {
  const prefix = model.continuing_subword_prefix;
  if (typeof prefix === "string" && prefix !== "") return (piece) => piece.startsWith(prefix) && piece !== prefix;
  if (holdsStage(pre_tokenizer, "ByteLevel")) return (piece) => INNER_BYTES.has(piece[0]!);
  if (holdsStage(pre_tokenizer, "Metaspace")) return (piece) => !piece.startsWith("▁");
  return () => false;
}

const INNER_BYTES = new Set(
  BYTE_LETTERS.filter((_, byte) => byte >= 0x80 || /[0-9A-Za-z]/.test(String.fromCharCode(byte))),
);
