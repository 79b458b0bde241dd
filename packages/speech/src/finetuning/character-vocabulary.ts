/**
 * What a model of transcripts writes with: the blank of CTC at 0, `|` between words, then characters, as Hugging Face's
 * Wav2Vec2CTCTokenizer has them (`vocab.json`).
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "@autodidact/core";
import { z } from "zod";

export interface CharacterVocabulary {
  /** By class; `<pad>`, the blank, is the first. */
  readonly tokens: readonly string[];
  /** Transcripts are lower-cased before they are written or compared. */
  readonly lowerCase: boolean;
  /** The transcript as the model writes it: lower-cased where it does that, one space between words. Punctuation stays. */
  normalize(transcript: string): string;
  /** Classes of a transcript's characters. Refused where one is not in the vocabulary and the vocabulary has no `<unk>`; `of` names the transcript in the error. */
  encode(transcript: string, of?: string): Int32Array;
  /** The text of classes, blanks and other marks (`<s>`) left out; repeats stand. */
  decode(classes: ArrayLike<number>): string;
}

export const BLANK = "<pad>";
export const WORD_DELIMITER = "|";
const UNKNOWN = "<unk>";

export interface CharacterVocabularyOptions {
  /** True unless told: what is said has no capitals. */
  readonly lowerCase?: boolean | undefined;
}

/** Of every character that the transcripts have, in the order of code points. */
export function characterVocabulary(
  transcripts: Iterable<string>,
  { lowerCase = true }: CharacterVocabularyOptions = {},
): CharacterVocabulary {
  const found = new Set<string>();
  for (const transcript of transcripts) for (const character of normalized(transcript, lowerCase)) found.add(character);
  found.delete(" ");
  if (found.has(WORD_DELIMITER)) {
    throw new UsageError(
      `characterVocabulary: transcripts must not hold ${WORD_DELIMITER}, which stands between words. Take it out of them.`,
    );
  }
  if (found.size === 0)
    throw new UsageError("characterVocabulary: transcripts must hold a character, and are all empty.");
  return vocabularyOf([BLANK, WORD_DELIMITER, ...[...found].sort()], lowerCase);
}

/** Of tokens by class, the blank first. */
export function vocabularyOf(tokens: readonly string[], lowerCase: boolean): CharacterVocabulary {
  const classOf = new Map(tokens.map((token, index) => [token, index]));
  if (tokens[0] !== BLANK || classOf.size !== tokens.length || !classOf.has(WORD_DELIMITER)) {
    throw new UsageError(
      `vocabularyOf: tokens must differ, have ${BLANK} at 0 and ${WORD_DELIMITER} for the space, got ${tokens.slice(0, 6).join(" ")} …`,
    );
  }
  const unknown = classOf.get(UNKNOWN);

  function encode(transcript: string, of?: string): Int32Array {
    const characters = [...normalized(transcript, lowerCase)];
    return Int32Array.from(characters, (character) => {
      const known = classOf.get(character === " " ? WORD_DELIMITER : character) ?? unknown;
      if (known !== undefined) return known;
      throw new UsageError(
        `encode: every character must be one of the ${tokens.length - 2} of the vocabulary, got ${JSON.stringify(character)} in ` +
          `${of === undefined ? "" : `${of}, `}${JSON.stringify(transcript.slice(0, 80))}. Replace it in the transcripts, or take a vocabulary that has it.`,
      );
    });
  }

  const texts = tokens.map((token) => (token === WORD_DELIMITER ? " " : /^<.+>$/.test(token) ? "" : token));
  return {
    tokens,
    lowerCase,
    normalize: (transcript) => normalized(transcript, lowerCase),
    encode,
    decode: (classes) => normalized(Array.from(classes, (index) => texts[index]!).join(""), false),
  };
}

function normalized(transcript: string, lowerCase: boolean): string {
  const text = transcript.normalize("NFC").trim().replace(/\s+/gu, " ");
  return lowerCase ? text.toLowerCase() : text;
}

/** Files beside a model's weights, as Hugging Face's tokenizer reads them. */
export function vocabularyFiles({ tokens, lowerCase }: CharacterVocabulary): Record<string, unknown> {
  return {
    "vocab.json": Object.fromEntries(tokens.map((token, index) => [token, index])),
    "tokenizer_config.json": {
      tokenizer_class: "Wav2Vec2CTCTokenizer",
      pad_token: BLANK,
      word_delimiter_token: WORD_DELIMITER,
      unk_token: tokens.includes(UNKNOWN) ? UNKNOWN : BLANK,
      bos_token: tokens.includes("<s>") ? "<s>" : null,
      eos_token: tokens.includes("</s>") ? "</s>" : null,
      do_lower_case: false, // Hugging Face's name for upper-casing the input
      lower_case_transcripts: lowerCase,
    },
  };
}

const vocabFile = z.record(z.string(), z.int().min(0));

/** Of a folder's vocab.json; transcripts are lower-cased if its tokenizer_config.json says so or, where it is silent, if no letter is a capital. */
export async function readVocabulary(folder: string): Promise<CharacterVocabulary> {
  const path = join(folder, "vocab.json");
  const found = vocabFile.safeParse(JSON.parse(await readFile(path, "utf8")));
  const tokens: string[] = [];
  for (const [token, index] of Object.entries(found.data ?? {})) tokens[index] = token;
  if (!found.success || tokens.length === 0 || tokens.includes(undefined as never)) {
    throw new UsageError(`readVocabulary: ${path} must give every class from 0 on a token of its own, and does not.`);
  }
  const told = await readFile(join(folder, "tokenizer_config.json"), "utf8").then(JSON.parse, () => ({}));
  const isLower = tokens.every((token) => token === token.toLowerCase());
  return vocabularyOf(tokens, told.lower_case_transcripts ?? isLower);
}
