/**
 * The programs in a README: every block that is fenced as `ts`.
 */
export interface Block {
  /** Where its first line stands in the README, from 1. */
  readonly line: number;
  readonly code: string;
}

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let begun: { line: number; lines: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    if (begun === undefined) {
      if (/^```ts\s*$/.test(text)) begun = { line: index + 2, lines: [] };
    } else if (/^```\s*$/.test(text)) {
      blocks.push({ line: begun.line, code: begun.lines.join("\n") });
      begun = undefined;
    } else {
      begun.lines.push(text);
    }
  }
  if (begun !== undefined)
    throw new Error(`blocksOf: the block that begins in line ${begun.line} must end with \`\`\`.`);
  return blocks;
}

/** A block with its numbers lowered, so that it ends in seconds; each text must stand in it exactly once. */
export function shortened(code: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    const found = text.split(from).length - 1;
    if (found !== 1)
      throw new Error(`shortened: ${JSON.stringify(from)} must stand in the block once, stands ${found} times.`);
    return text.replace(from, to);
  }, code);
}
