/**
 * Text to the words that WordPiece cuts: BERT's normalizer and pre-tokenizer, as Hugging Face's Rust library does them.
 *
 * @huggingface/tokenizers 0.2 differs from it: it takes Chinese characters beyond U+FFFF for letters, keeps to Node's Unicode instead of
 * the Rust tables, and writes a Σ that ends a word as ς (String.toLowerCase looks at neighbours; Rust's does not).
 */
import { bertCharacters, CHINESE, CONTROL, NONSPACING_MARK, PUNCTUATION, SPACE } from "./bert-characters.js";

/** The fields of a tokenizer.json's BertNormalizer. */
export interface BertNormalization {
  /** Drop control characters, make every white space a blank. */
  readonly cleanText: boolean;
  readonly splitChinese: boolean;
  readonly lowercase: boolean;
  readonly stripAccents: boolean;
}

/** What lies between ASCII white space is normalized and cut by itself, so that a run met before can be looked up. */
export const RUN = /[^ \t\n\r]+/g;

/** The words of a text or a run. */
export function bertWords(text: string, normalization: BertNormalization): string[] {
  if (SIMPLE.test(text)) return [normalization.lowercase ? text.toLowerCase() : text];
  return cut(normalize(text, normalization));
}

const SIMPLE = /^[A-Za-z0-9]+$/;

export function normalize(
  text: string,
  { cleanText, splitChinese, lowercase, stripAccents }: BertNormalization,
): string {
  let normalized = text;
  if (cleanText || splitChinese) normalized = clean(normalized, cleanText, splitChinese);
  if (stripAccents) normalized = withoutMarks(normalized);
  return lowercase ? Array.from(normalized, (character) => character.toLowerCase()).join("") : normalized;
}

function clean(text: string, cleanText: boolean, splitChinese: boolean): string {
  const classes = bertCharacters();
  let cleaned = "";
  for (const character of text) {
    const kind = classes[character.codePointAt(0)!]!;
    if (cleanText && kind & CONTROL) continue;
    if (splitChinese && kind & CHINESE) cleaned += ` ${character} `;
    else cleaned += cleanText && kind & SPACE ? " " : character;
  }
  return cleaned;
}

function withoutMarks(text: string): string {
  const classes = bertCharacters();
  let kept = "";
  for (const character of text.replace(DECOMPOSABLE, (part) => part.normalize("NFD"))) {
    if (!(classes[character.codePointAt(0)!]! & NONSPACING_MARK)) kept += character;
  }
  return kept;
}

/** All but the letters that have a decomposition since Unicode 16 only. */
const DECOMPOSABLE =
  /[^\u{105c9}\u{105e4}\u{11383}\u{11385}\u{1138e}\u{11391}\u{113c5}\u{113c7}\u{113c8}\u{11938}\u{16121}-\u{16128}\u{16d68}-\u{16d6a}]+/gu;

export function cut(text: string): string[] {
  const classes = bertCharacters();
  const words: string[] = [];
  let word = "";
  const end = () => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (const character of text) {
    const kind = classes[character.codePointAt(0)!]!;
    if (kind & (SPACE | PUNCTUATION)) {
      end();
      if (kind & PUNCTUATION) words.push(character);
    } else {
      word += character;
    }
  }
  end();
  return words;
}
