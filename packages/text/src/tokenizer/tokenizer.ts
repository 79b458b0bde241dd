/**
 * Text to ids and back, by a tokenizer.json that Hugging Face's libraries read too.
 */

/** Both files as parsed JSON, as Hugging Face names them; saved beside every model. */
export interface TokenizerFiles {
  readonly "tokenizer.json": object;
  readonly "tokenizer_config.json": object;
}

/** Ids of the tokens that are not text; undefined where the vocabulary has none. */
export interface SpecialIds {
  readonly pad?: number | undefined;
  readonly unknown?: number | undefined;
  /** [CLS], first of a sequence. */
  readonly classification?: number | undefined;
  /** [SEP], last of a segment. */
  readonly separator?: number | undefined;
  readonly mask?: number | undefined;
  /** <|endoftext|>, between documents. */
  readonly endOfText?: number | undefined;
}

export interface EncodeTextOptions {
  /** False for text that goes on other text: nothing is put before it. True unless told. */
  readonly begins?: boolean;
  /** `[MASK]` is its id, with the white space that its `lstrip` takes, as in Hugging Face's libraries. False unless told. */
  readonly readsSpecial?: boolean;
}

export interface EncodedText {
  readonly ids: Int32Array;
  /** For each id the place in the text, in UTF-16 units, where its word begins; absent where that is not known. */
  readonly places?: Uint32Array | undefined;
}

export interface Tokenizer {
  /** Ids are in [0, vocabularySize). */
  readonly vocabularySize: number;
  readonly special: SpecialIds;
  /** Adds no special tokens, and reads none in the text, as Hugging Face's with `split_special_tokens`. */
  encode(text: string): Int32Array;
  /** The same with what else can be told and asked; `encode` serves where it is absent. */
  encodeText?(text: string, options?: EncodeTextOptions): EncodedText;
  /** Leaves special tokens out. */
  decode(ids: ArrayLike<number>): string;
  /** The vocabulary's entry: `##ing`, `Ġthe`. */
  piece(id: number): string;
  /** 1 for each id whose piece goes on with the word before it, else 0. */
  readonly continuesWord: Uint8Array;
  /** 1 for each id that is a special token, else 0. */
  readonly isSpecial: Uint8Array;
  readonly files: TokenizerFiles;
}
