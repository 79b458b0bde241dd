/**
 * Images inside tar archives, as a set.
 *
 * What an archive is called may tell a part (`cifar10-train.tar`) or a class (`cats.tar`, `dogs.tar`), or only count shards (`data-000017.tar`):
 * then what it holds goes on in the next.
 */
import { basename, join } from "node:path";
import { decodeHeader } from "./decode-image.js";
import { encodedSet } from "./encoded-set.js";
import type { LayoutOptions } from "./image-layout.js";
import type { ImageSet } from "./image-set.js";
import { partInWords, partNamed, partsAmong } from "./part-names.js";
import { tally } from "./passed-over.js";
import { readEntry, type TarEntry, tarEntries } from "./tar-entries.js";

export interface ArchiveSetOptions extends LayoutOptions {
  /** Whether the archives' names may tell parts or classes. */
  readonly areNamesRead: boolean;
}

/** `paths` are relative to `root`, with slashes. */
export async function archiveSet(
  root: string,
  paths: readonly string[],
  options: ArchiveSetOptions,
): Promise<ImageSet> {
  const others = tally();
  const archives: Archive[] = [];
  for (const path of paths) archives.push({ path, entries: await tarEntries(join(root, path), { others }) });
  const entries: { readonly archive: Archive; readonly entry: TarEntry }[] = [];
  for (const archive of archives) for (const entry of archive.entries) entries.push({ archive, entry });
  if (entries.length === 0) throw nothingIn(paths, others.list());
  const folders = options.areNamesRead ? foldersFor(archives) : undefined;
  const isNamedApart = new Set(paths.map((path) => basename(path))).size === paths.length;
  const nameOf = ({ path }: Archive) => (isNamedApart ? basename(path) : path);
  const hasLabels = entries.some(({ entry }) => entry.label !== undefined);
  const source = (row: number) => join(root, entries[row]!.archive.path);
  const set = encodedSet(
    {
      paths: entries.map(({ archive, entry }) => placeOf(folders?.get(archive) ?? "", entry.name)),
      ...(hasLabels && { label: (row: number) => entries[row]!.entry.label }),
      id: (row) => `${nameOf(entries[row]!.archive)}/${entries[row]!.entry.name}`,
      source,
      read: (row, id) => readEntry(id, source(row), entries[row]!.entry),
      async header(row, id, decoding) {
        const bytes = await readEntry(id, source(row), entries[row]!.entry);
        return decodeHeader(id, bytes, { ...decoding, beginning: bytes });
      },
    },
    {
      ...options,
      kind: paths.length === 1 ? "a tar archive of images" : "tar archives of images",
    },
  );
  return { ...set, passedOver: [...set.passedOver, ...others.list()] };
}

interface Archive {
  readonly path: string;
  readonly entries: readonly TarEntry[];
}

function nothingIn(
  paths: readonly string[],
  others: readonly { what: string; count: number; names: readonly string[] }[],
): Error {
  const held = others
    .map(({ what, count, names }) => `${count} ${what} (${names[0]}${count > 1 ? ", …" : ""})`)
    .join(", ");
  const unpack = others.some(({ what }) => /^(\.bin|other|\.gz|\.\S+-ubyte) files$/.test(what))
    ? " A binary set (CIFAR, STL-10, IDX) is read once it is unpacked: tar xf."
    : "";
  return new Error(
    `tarShards: ${paths.slice(0, 3).join(", ")} must hold image files, got ${held || "nothing"}.${unpack}`,
  );
}

/** The folders that stand before an archive's own: those it lies in, and its name where that tells something. */
function foldersFor(archives: readonly Archive[]): Map<Archive, string> {
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
function namesAmong(archives: readonly Archive[]): ((archive: Archive) => string) | undefined {
  const parts = archives.map((archive) => partInWords(stemOf(archive)));
  if (!parts.includes(undefined)) return (archive) => partInWords(stemOf(archive))!;
  if (new Set(partsAmong(archives.map(stemOf)).values()).size > 1) return stemOf;
  if (areShards(archives) || archives.some(isDivided)) return undefined;
  return stemOf;
}

const stemOf = ({ path }: Archive) => basename(path).replace(/\.(tar|tar\.gz|tgz)$/i, "");

/** Names that differ by a number alone, and these count: `data-000017`. The synsets of ImageNet (`n01440764`) do not. */
function areShards(archives: readonly Archive[]): boolean {
  const stems = archives.map(stemOf);
  const numbers = stems.map((stem) => Number(/(\d+)\D*$/.exec(stem)?.[1]));
  const withoutNumber = new Set(stems.map((stem) => stem.replace(/\d+(\D*)$/, "#$1")));
  const highest = numbers.reduce((most, number) => Math.max(most, number), 0);
  return withoutNumber.size === 1 && highest < 10 * archives.length + 10; // NaN: no number
}

/** Whether what it holds has parts or several folders of its own. */
function isDivided({ entries }: Archive): boolean {
  const tops = new Set(entries.map(({ name }) => name.slice(0, name.indexOf("/") + 1)));
  return tops.size > 1 || [...tops].some((top) => partNamed(top.slice(0, -1)) !== undefined);
}

/** An archive that is named for a part may hold a folder of that name: that says it once more. */
function placeOf(folder: string, name: string): string {
  const own = folder.slice(folder.lastIndexOf("/", folder.length - 2) + 1, -1);
  const part = partNamed(own);
  const first = name.slice(0, Math.max(0, name.indexOf("/")));
  return part !== undefined && partNamed(first) === part
    ? `${folder}${name.slice(first.length + 1)}`
    : `${folder}${name}`;
}
