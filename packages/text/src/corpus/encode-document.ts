/**
 * A document's tokens are those of its whole text, and yet it is never in memory as a whole.
 *
 * A long text is encoded in blocks. Where one may end is not guessed: at a place well before the end of a block, the text behind it is
 * encoded a second time by itself. Only where it gives the very tokens that the block gave does the next block begin.
 */
import type { Document } from "../documents/documents.js";
import type { EncodedText, Tokenizer } from "../tokenizer/tokenizer.js";
import { sentencePlaces } from "./sentence-places.js";
import { sentenceStarts } from "./sentence-starts.js";

export interface EncodedBlock {
  readonly ids: Int32Array;
  /** Where sentences begin, in ids; the first at 0. */
  readonly starts: readonly number[];
}

export interface DocumentEncoding {
  /** More of a document's text; gives what is known of its tokens. */
  add(part: Pick<Document, "id" | "text">): Generator<EncodedBlock>;
  /** The rest; what is added then is of another document. */
  end(): Generator<EncodedBlock>;
}

/** Characters (UTF-16 units) encoded at once. */
const BLOCK = 2 ** 16;
/** Characters that are encoded twice. */
const OVERLAP = 2 ** 12;
/** The longest block, where no place was found in shorter ones. */
const LONGEST = 2 ** 24;
/** Places that are tried in a block, of each kind. */
const TRIED = 32;

export function encodeDocument(tokenizer: Tokenizer): DocumentEncoding {
  const encode = (text: string, begins: boolean): EncodedText =>
    tokenizer.encodeText?.(text, { begins }) ?? { ids: tokenizer.encode(text) };
  let pending = "";
  let begins = true;
  let size = BLOCK;

  /** The block at the beginning of what is pending, and how long its text is; undefined where more text could help. */
  function first(): { block: EncodedBlock; length: number } | undefined {
    for (; size + 2 * OVERLAP <= pending.length; size *= 2) {
      const text = pending.slice(0, size);
      const whole = encode(text, begins);
      const sentences = sentencePlaces(text);
      for (const length of places(text, sentences)) {
        const behind = encode(text.slice(length), false).ids;
        if (!endsWith(whole.ids, behind)) continue;
        return { block: blockOf(text.slice(0, length), whole, whole.ids.length - behind.length, sentences), length };
      }
    }
    return undefined;
  }

  function blockOf(text: string, { ids, places }: EncodedText, count: number, sentences: readonly number[]) {
    const own = { ids: ids.subarray(0, count), places: places?.subarray(0, count) };
    const inside = sentences.filter((place) => place < text.length);
    return { ids: own.ids, starts: sentenceStarts(text, own, inside, (sentence) => encode(sentence, false).ids) };
  }

  return {
    *add({ id, text }) {
      pending += text;
      for (let found = first(); found !== undefined; found = first()) {
        pending = pending.slice(found.length);
        begins = false;
        size = BLOCK;
        yield found.block;
      }
      if (size > LONGEST) throw notToBeCut(id);
    },
    *end() {
      const [text, encoded] = [pending, encode(pending, begins)];
      pending = "";
      begins = true;
      size = BLOCK;
      yield blockOf(text, encoded, encoded.ids.length, sentencePlaces(text));
    },
  };
}

/** Where a block may end, best first: between sentences, before white space, anywhere; the text behind is long enough to tell. */
function* places(text: string, sentences: readonly number[]): Generator<number> {
  const [from, to] = [text.length - 2 * OVERLAP, text.length - OVERLAP];
  const isWithin = (place: number) => place > from && place <= to;
  yield* sentences.filter(isWithin).slice(-TRIED).reverse();
  let tried = 0;
  for (let place = to; place > from && tried < TRIED; place -= 1) {
    if (!/^\S\s$/.test(text.slice(place - 1, place + 1))) continue;
    tried += 1;
    yield place;
  }
  for (let place = to; place > to - TRIED; place -= 1) if (!isInside(text, place)) yield place;
}

/** Whether a place is between the halves of a character. */
function isInside(text: string, place: number): boolean {
  return (text.charCodeAt(place - 1) & 0xfc00) === 0xd800;
}

function endsWith(ids: Int32Array, end: Int32Array): boolean {
  const from = ids.length - end.length;
  return from >= 0 && end.every((id, place) => id === ids[from + place]);
}

function notToBeCut(id: string): Error {
  return new Error(
    `tokenize: ${id}: a document of more than ${LONGEST} characters must be encoded in parts, and with this tokenizer no place was found where ` +
      "the parts have the tokens of the whole. Cut the document into several, or take another tokenizer.",
  );
}
