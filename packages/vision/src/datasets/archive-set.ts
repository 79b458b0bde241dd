/**
 * Images inside tar archives, as a set; what the archives are called may tell parts or classes.
 */
import { basename, join } from "node:path";
import {
  archiveFolders,
  counted,
  type LayoutOptions,
  placeInArchive,
  readTarEntry,
  type TarEntry,
  type TarReading,
  tally,
  tarEntries,
  UsageError,
} from "@autodidact/core";
import { assertReadable, decodeHeader, isImageFile } from "./decode-image.js";
import { encodedSet } from "./encoded-set.js";
import type { ImageSet } from "./image-set.js";
import { holdsLabel, labelIn } from "./webdataset-labels.js";

export interface ArchiveSetOptions extends Omit<LayoutOptions, "who" | "noun"> {
  /** Who was asked, for errors; `openImages` unless told. */
  readonly who?: string | undefined;
  /** As `encodedSet` has it. */
  readonly areMasksLeftOut?: boolean | undefined;
  /** Whether the archives' names may tell parts or classes. */
  readonly areNamesRead: boolean;
}

interface Label {
  readonly label: string;
}

const IMAGES: TarReading<Label> = {
  who: "tarShards",
  noun: "images",
  isExample: isImageFile,
  tells: holdsLabel,
  factsIn(name, text) {
    const label = labelIn(name, text);
    return label === undefined ? undefined : { label };
  },
};

/** `paths` are relative to `root`, with slashes. */
export async function archiveSet(
  root: string,
  paths: readonly string[],
  options: ArchiveSetOptions,
): Promise<ImageSet> {
  const others = tally();
  const archives: Archive[] = [];
  for (const path of paths) archives.push({ path, entries: await tarEntries(join(root, path), { ...IMAGES, others }) });
  const entries: { readonly archive: Archive; readonly entry: TarEntry<Label> }[] = [];
  for (const archive of archives) for (const entry of archive.entries) entries.push({ archive, entry });
  if (entries.length === 0) throw nothingIn(paths, others.list());
  const folders = options.areNamesRead ? archiveFolders(archives) : undefined;
  const isNamedApart = new Set(paths.map((path) => basename(path))).size === paths.length;
  const nameOf = ({ path }: Archive) => (isNamedApart ? basename(path) : path);
  const hasLabels = entries.some(({ entry }) => entry.beside?.label !== undefined);
  const source = (row: number) => join(root, entries[row]!.archive.path);
  const read = (row: number, id: string) => {
    assertReadable(id, entries[row]!.entry.size);
    return readTarEntry(id, source(row), entries[row]!.entry);
  };
  const set = encodedSet(
    {
      paths: entries.map(({ archive, entry }) => placeInArchive(folders?.get(archive) ?? "", entry.name)),
      ...(hasLabels && { label: (row: number) => entries[row]!.entry.beside?.label }),
      id: (row) => `${nameOf(entries[row]!.archive)}/${entries[row]!.entry.name}`,
      source,
      read,
      async header(row, id, decoding) {
        const bytes = await read(row, id);
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
  readonly entries: readonly TarEntry<Label>[];
}

function nothingIn(
  paths: readonly string[],
  others: readonly { what: string; count: number; names: readonly string[] }[],
): Error {
  const held = others
    .map(({ what, count, names }) => `${counted(count, what)} (${names[0]}${count > 1 ? ", …" : ""})`)
    .join(", ");
  const unpack = others.some(({ what }) => /^(\.bin|other|\.gz|\.\S+-ubyte) files$/.test(what))
    ? " A binary set (CIFAR, STL-10, IDX) is read once it is unpacked: tar xf."
    : "";
  return new UsageError(
    `tarShards: ${paths.slice(0, 3).join(", ")} must hold image files, got ${held || "nothing"}.${unpack}`,
  );
}
