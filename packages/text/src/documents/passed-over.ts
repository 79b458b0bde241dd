/**
 * What lies beside the data and is not read, by kinds: so that nobody believes it was.
 */
import type { PassedOver, SourceFile, SourceFiles } from "@autodidact/core";

/** Of each kind so many are named. */
const NAMED = 5;

/** Of all files those that are not among the read ones; hidden ones and runs too. */
export function passedOver({ files, hidden, runs }: SourceFiles, read: readonly SourceFile[]): PassedOver[] {
  const isRead = new Set(read.map(({ id }) => id));
  const byEnding = new Map<string, string[]>();
  for (const { id } of files) {
    if (isRead.has(id)) continue;
    const what = `${endingOf(id)}files`;
    const names = byEnding.get(what);
    if (names === undefined) byEnding.set(what, [id]);
    else names.push(id);
  }
  return [
    ...[...byEnding].map(([what, names]) => summary(what, names)),
    summary("hidden files", hidden),
    summary("folders of runs", runs),
  ].filter(({ count }) => count > 0);
}

export const summary = (what: string, names: readonly string[]): PassedOver => ({
  what,
  count: names.length,
  names: names.slice(0, NAMED),
});

/** `.tar.gz `, `.png `, or nothing. */
const endingOf = (id: string) => /\.[a-z0-9]{1,8}(\.gz)?$/i.exec(id)?.[0].toLowerCase().concat(" ") ?? "other ";
