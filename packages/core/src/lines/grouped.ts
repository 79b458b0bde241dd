/** 12,345 */
export function grouped(whole: number): string {
  return whole.toLocaleString("en-US");
}

/** `1 image`, `2 images` */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${count === 1 ? noun.replace(/s$/, "") : noun}`;
}
