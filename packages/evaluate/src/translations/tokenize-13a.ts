/**
 * The tokens that BLEU counts: those of mteval-v13a.pl, the script of the WMT, as sacrebleu has them (`tokenize="13a"`).
 *
 * Post 2018, https://arxiv.org/abs/1804.08771.
 */

/** What Python's `str.split` and `str.rstrip` take for white space; JavaScript's `\s` has neither separators of files nor the next line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are white space to Python
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const SPACE_BEHIND = new RegExp(`${SPACE.source}$`, "u");

const ENTITIES = [
  ["&quot;", '"'],
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
] as const;

const APART = [
  [/([{-~[-` -&(-+:-@/])/gu, " $1 "],
  [/([^0-9])([.,])/gu, "$1 $2 "], // a stop or comma, unless a digit goes before
  [/([.,])([^0-9])/gu, " $1 $2"], // or comes behind
  [/([0-9])(-)/gu, "$1 $2 "],
] as const;

export function tokens13a(text: string): string[] {
  let line = text.replace(SPACE_BEHIND, "").replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
  for (const [entity, sign] of ENTITIES) line = line.replaceAll(entity, sign);
  line = ` ${line} `;
  for (const [pattern, apart] of APART) line = line.replace(pattern, apart);
  return splitAtSpace(line);
}

/** As Python's `str.split`. */
export const splitAtSpace = (text: string): string[] => text.split(SPACE).filter(Boolean);
