/**
 * GPT-2's pieces of a text, and its letters for bytes.
 *
 * Radford et al. 2019; openai/gpt-2 `src/encoder.py`: https://github.com/openai/gpt-2/blob/master/src/encoder.py
 */

/**
 * The pattern of encoder.py. White space is Unicode's White_Space, as in Hugging Face's Rust library: JavaScript's `\s` has U+FEFF too and
 * lacks U+0085. Letters and digits are those of Node's Unicode; the Rust library knows Unicode 16.
 */
const PIECE =
  /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Concatenated they are the text. */
export function byteLevelPieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** The letter that stands for each byte in a vocabulary: itself where it is printable, else one from U+0100 on; [256]. */
export const BYTE_LETTERS: readonly string[] = byteLetters();

/** Bytes of the text in UTF-8 as letters. */
export function toByteLetters(text: string): string {
  let letters = "";
  for (const byte of utf8.encode(text)) letters += BYTE_LETTERS[byte];
  return letters;
}

const utf8 = new TextEncoder();

function byteLetters(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let substitutes = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(isPrintable(byte) ? byte : 0x100 + substitutes++),
  );
}
