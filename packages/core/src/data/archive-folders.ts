/**
 * What the names of tar archives tell of what is in them: a part (`cifar10-train.tar`), a class (`cats.tar`, `dogs.tar`), or only the count of
 * shards (`data-000017.tar`): then what one holds goes on in the next.
 */
import { basename } from "node:path";
import { partInWords, partNamed, partsAmong } from "./part-names.js";

export interface NamedArchive {
  /** Relative to the data's folder, with slashes. */
  readonly path: string;
  readonly entries: readonly { readonly name: string }[];
}

/** The folders that stand before an archive's own: those it lies in, and its name where that tells something. */
export function archiveFolders<Archive extends NamedArchive>(archives: readonly Archive[]): Map<Archive, string> {
  const beside = new Map<string, Archive[]>();
  for (const archive of archives) {
    const folder = archive.path.slice(0, archive.path.lastIndexOf("/") + 1);
    beside.set(folder, [...(beside.get(folder) ?? []), archive]);
  }
  const folders = new Map<Archive, string>();
  const told = new Set<string>();
  for (const [folder, siblings] of beside) {
    const tells = siblings.length > 1 ? namesAmong(siblings) : undefined;
    for (const archive of siblings) folders.set(archive, tells === undefined ? folder : `${folder}${tells(archive)}/`);
    if (tells !== undefined) for (const archive of siblings) told.add(tells(archive));
  }
  for (const [folder, [archive, ...more]] of beside) {
    const isClassElsewhere = more.length === 0 && told.has(stemOf(archive!)); // a part in which one class is left
    if (isClassElsewhere) folders.set(archive!, `${folder}${stemOf(archive!)}/`);
  }
  return folders;
}

/** What the names of archives beside each other tell: the part, the class, or nothing. */
function namesAmong(archives: readonly NamedArchive[]): ((archive: NamedArchive) => string) | undefined {
  const parts = archives.map((archive) => partInWords(stemOf(archive)));
  if (!parts.includes(undefined)) return (archive) => partInWords(stemOf(archive))!;
  if (new Set(partsAmong(archives.map(stemOf)).values()).size > 1) return stemOf;
  if (areShards(archives) || archives.some(isDivided)) return undefined;
  return stemOf;
}

const stemOf = ({ path }: NamedArchive) => basename(path).replace(/\.(tar|tar\.gz|tgz)$/i, "");

/** Names that differ by a number alone, and these count: `data-000017`. The synsets of ImageNet (`n01440764`) do not. */
function areShards(archives: readonly NamedArchive[]): boolean {
  const stems = archives.map(stemOf);
  const numbers = stems.map((stem) => Number(/(\d+)\D*$/.exec(stem)?.[1]));
  const withoutNumber = new Set(stems.map((stem) => stem.replace(/\d+(\D*)$/, "#$1")));
  const highest = numbers.reduce((most, number) => Math.max(most, number), 0);
  return withoutNumber.size === 1 && highest < 10 * archives.length + 10; // NaN: no number
}

/** Whether what it holds has parts or several folders of its own. */
function isDivided({ entries }: NamedArchive): boolean {
  const tops = new Set(entries.map(({ name }) => name.slice(0, name.indexOf("/") + 1)));
  return tops.size > 1 || [...tops].some((top) => partNamed(top.slice(0, -1)) !== undefined);
}

/** An archive that is named for a part may hold a folder of that name: that says it once more. */
export function placeInArchive(folder: string, name: string): string {
  const own = folder.slice(folder.lastIndexOf("/", folder.length - 2) + 1, -1);
  const part = partNamed(own);
  const first = name.slice(0, Math.max(0, name.indexOf("/")));
  return part !== undefined && partNamed(first) === part
    ? `${folder}${name.slice(first.length + 1)}`
    : `${folder}${name}`;
}
