/** 12,345 */
export function grouped(whole: number): string {
  return whole.toLocaleString("en-US");
}

/** `1 image`, `2 images`; `1 class`, `2 classes`; `1 row without a label`. `noun` is in the plural. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${count === 1 ? singular(noun) : noun}`;
}

/** What a phrase is of, where that does not stand at its end: "rows without a label". */
const OF_PHRASES = /\b(archive|end mark|file|folder|image|line|link|recording|row|run)s\b/;

const singular = (noun: string) =>
  OF_PHRASES.test(noun) ? noun.replace(OF_PHRASES, "$1") : noun.replace(/(?<=ss|x|ch|sh)es$|s$/, "");
