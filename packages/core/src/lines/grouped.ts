/** 12,345 */
export function grouped(whole: number): string {
  return whole.toLocaleString("en-US");
}

/** `1 image`, `2 images`; `1 class`, `2 classes`. `noun` is in the plural. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${count === 1 ? singular(noun) : noun}`;
}

const singular = (noun: string) => noun.replace(/(?<=ss|x|ch|sh)es$|s$/, "");
