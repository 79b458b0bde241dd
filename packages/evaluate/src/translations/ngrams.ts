/**
 * Runs of n tokens, counted.
 */

/** How often each run stands in the tokens, by its text: tokens are joined by `between`, which none of them may hold. */
export function countRuns(tokens: readonly string[], n: number, between: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + n <= tokens.length; start += 1) {
    const run = tokens.slice(start, start + n).join(between);
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}

/** Runs that both have, each as often as both have it. */
export function commonRuns(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  let common = 0;
  for (const [run, count] of first) common += Math.min(count, second.get(run) ?? 0);
  return common;
}
