/**
 * The names that columns of texts, classes, pairs and numbers of rows usually have.
 */

/** Names of one rank mean the same: of several one must be told. A rank counts only where those before it have none. */
type Ranks = readonly RegExp[];

const TEXT: Ranks = [
  /^texts?$/,
  /^(sentences?|reviews?|contents?|tweets?|comments?|comment_text|body|message|utterance|document|post|headline|question|query|article|statement|sms|email|e_?mail_text|passage|phrase|prompt|command|review_?text|tweet_?text|full_?text|abstract)$/,
  /_text$|^text_|_(review|tweet|comment|sentence|message|body|content)$/,
  /^(title|description|summary|name|subject)$/,
];
const LABEL: Ranks = [
  /^labels?$/,
  /^(class|classes|class_?index|class_?label|category|sentiment|target|targets|intent|intention|polarity|stars?|ratings?|toxic|toxicity|emotion|topic|gold_?label|spam|is_spam|sarcasm|humou?r|hate|stance|genre|tag|y|acceptability|insincere)$/,
  /^(is|has)_|_(label|class|category|sentiment|intent|emotion|target|topic|rating|polarity|type)$|^label_|^overall$/,
  /^(score|type|group|grade|answer|overall_?rating|language|lang|output)$/,
];
/** Both belong to one class. */
const PAIRS: readonly (readonly [RegExp, RegExp])[] = [
  [/^premise$/, /^hypothesis$/],
  [/^(question|query)$/, /^(sentence|passage|document|answer|context|response)$/],
];
const NUMBERED = /^(.*?)_?(1|a)(_.*)?$/;

const ID =
  /^(id|ids|idx|index|guid|uuid|key|row|row_?(id|number)|unnamed_\d+|)$|_(id|ids|idx|guid|uuid)$|^(id|idx)_|^(tweet|user|review|item|product|doc|document|comment|post|pair|prompt|phrase|sentence|text|message|file|q|example)ids?\d?$/;

/** `Comment Text`, `comment-text` and `comment_text` are one. */
const plain = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_|_$/g, "");

export const isIdName = (name: string) => ID.test(plain(name));

/** The places of the columns that are called so: several where the names do not settle it, none where they say nothing. */
export const textPlaces = (names: readonly string[]) => placesOf(names, TEXT);
export const labelPlaces = (names: readonly string[]) => placesOf(names, LABEL);

/** Whether a table of texts calls a column so, whatever its rank: a line of such names is no row. */
export const isUsualName = (name: string) =>
  [...TEXT.slice(0, 2), ...LABEL.slice(0, 2)].some((names) => names.test(plain(name)));

function placesOf(names: readonly string[], ranks: Ranks): number[] {
  const called = names.map((name) => (isIdName(name) ? "" : plain(name)));
  for (const rank of ranks) {
    const places = [...called.keys()].filter((place) => called[place] !== "" && rank.test(called[place]!));
    if (places.length > 0) return places;
  }
  return [];
}

/** Two columns whose texts belong together: `sentence1` and `sentence2`; undefined where a column is called `text`. */
export function pairIn(names: readonly string[]): readonly [string, string] | undefined {
  const called = names.map(plain);
  if (called.includes("text")) return undefined;
  for (const [first, second] of PAIRS) {
    const [a, b] = [first, second].map((name) => called.findIndex((one) => name.test(one)));
    if (a !== -1 && b !== -1) return [names[a!]!, names[b!]!];
  }
  for (const [place, name] of called.entries()) {
    if (isIdName(names[place]!) || !/sent|text|question|string|s1|phrase|utterance|passage/.test(name)) continue;
    const [, stem, number, end = ""] = NUMBERED.exec(name) ?? [];
    if (number === undefined) continue;
    const partner = number === "1" ? "2" : "b";
    const other = called.findIndex((one) => one === `${stem}${partner}${end}` || one === `${stem}_${partner}${end}`);
    if (other !== -1) return [names[place]!, names[other]!];
  }
  return undefined;
}
