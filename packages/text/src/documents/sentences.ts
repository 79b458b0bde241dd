/**
 * Text cut into sentences: Unicode's rules (UAX 29, https://unicode.org/reports/tr29/#Sentence_Boundaries), and what they lack for prose.
 *
 * Unicode ends a sentence at every line end and at every stop before a capital. Here lines that were only wrapped go on, and so do `Mr. `,
 * `J. R. R. `, `U.S. Army` and `"Go!" he said.`
 */
const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** Characters given to the segmenter at once: its time grows with the square of the text's length. */
const windowLength = 1024;

/** A name or number follows. */
const abbreviation =
  /(?:^|[\s("'“‘[])(?:Mr|Mrs|Ms|Mx|Messrs|Mme|Dr|Drs|Prof|Rev|Hon|St|Fr|Gen|Col|Maj|Capt|Cpt|Cmdr|Lt|Sgt|Adm|Gov|Sen|Rep|Pres|Supt|vs|cf|viz|e\.g|i\.e|ca|approx|Nos?|Vol|Fig|Eq|Ch|Sec|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\s+$/;
/** `J. ` and not the word `I`. */
const initial = /(?:^|[\s("'“‘[])[A-HJ-Z]\.\s+$/;
const letters = /(?:^|[\s("'“‘[])(?:\p{Lu}\.){2,}\s+$/u;
/** After `U.S. ` such a word more likely begins a sentence than goes on with a name. */
const opening =
  /^(?:The|A|An|It|He|She|We|They|I|You|This|That|These|Those|There|In|On|At|But|And|For|As|If|When|While|After|Our|My|His|Her|Their)\b/;
const exclaimedQuote = /[!?…]["'”’»)\]]+\s+$/;
const startsLower = /^["'“‘(]?\p{Ll}/u;
/** The end of a line that holds nothing which ends a sentence. */
const openLine = /[^\s.!?…:;。！？"”’»)\]]\n$/;

/** The rules in words, for messages. */
export const SENTENCE_ENDS =
  "A sentence ends at ! or ?, at a full stop before a capital (small letters after it go on), at a blank line, " +
  "and at a line's end, unless that has no stop and the next line begins with a small letter.";

/** The sentences, each with the white space behind it: joined they give the text. None is only white space, unless the text is. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let current = "";
  for (const segment of segments(text)) {
    if (current !== "" && !goesOn(current, segment)) {
      sentences.push(current);
      current = "";
    }
    current += segment;
  }
  if (current !== "") sentences.push(current);
  return sentences;
}

function goesOn(before: string, after: string): boolean {
  if (!/\S/.test(after) || !/\S/.test(before)) return true;
  const end = before.slice(-40);
  if (/\n\s*\n\s*$/.test(end)) return false;
  if (end.endsWith("\n")) return openLine.test(end) && startsLower.test(after);
  if (abbreviation.test(end) || initial.test(end)) return true;
  if (letters.test(end)) return !opening.test(after);
  return exclaimedQuote.test(end) && startsLower.test(after);
}

/** What the segmenter finds. It always ends a segment at a line's end, so that lines are given to it one by one. */
function* segments(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline + 1;
    yield* segmentsOfLine(text.slice(start, end));
    start = end;
  }
}

/** Segments by windows: all of one but the last, which the window may have cut. */
function* segmentsOfLine(line: string): Generator<string> {
  let length = windowLength;
  for (let start = 0; start < line.length; ) {
    const window = line.slice(start, start + length);
    const isLast = start + length >= line.length;
    const found = Array.from(segmenter.segment(window), ({ segment }) => segment);
    if (found.length === 1 && !isLast) {
      length *= 2; // one sentence fills the window
      continue;
    }
    for (const segment of isLast ? found : found.slice(0, -1)) {
      yield segment;
      start += segment.length;
    }
    length = windowLength;
  }
}
