/**
 * All that lies below a folder, sorted by what it may be: images, archives, files of binary sets; the rest is counted.
 *
 * Each real folder is visited once: links to folders are followed after them, so that a link back or beside adds nothing.
 */
import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { PassedOver } from "@autodidact/core";
import { isImageFile } from "./decode-image.js";
import { byCodePoint } from "./image-dataset.js";
import { tally } from "./passed-over.js";

export interface ImageTree {
  /** Paths below the folder, with slashes, sorted; named as images, whatever they are. */
  readonly images: readonly string[];
  readonly archives: readonly string[];
  /** Files that are called as those of binary sets are: `.bin`, `-ubyte`, `data_batch_1`. */
  readonly binaries: readonly string[];
  readonly passedOver: readonly PassedOver[];
}

const ARCHIVE = /\.(tar|tar\.gz|tgz)$/i;
const BINARY =
  /(\.bin|-ubyte|\.idx\d-ubyte|-ubyte\.gz|(^|\/)(data_batch_\d+|test_batch|batches\.meta|train|test|meta))$/;
const MOST_FOLDERS_DEEP = 64;

/** What systems and tools leave beside images. */
const FOREIGN = new Set([
  "__MACOSX",
  "@eaDir",
  "$RECYCLE.BIN",
  "System Volume Information",
  "lost+found",
  "node_modules",
]);
/** What is in a run's folder beside its config.json. */
const RUN_ENTRIES = ["metrics.jsonl", "checkpoints", "encoder"];

/** ".txt files" */
export function endingOf(path: string): string {
  return `${extname(path).toLowerCase() || "other"} files`;
}

export function isArchive(path: string): boolean {
  return ARCHIVE.test(path);
}

export async function walkImages(root: string): Promise<ImageTree> {
  const found = { images: [] as string[], archives: [] as string[], binaries: [] as string[], others: tally() };
  const withoutImages = new Set<string>();
  const visited = new Set<string>();
  const links: Folder[] = [];

  async function visit(first: Folder): Promise<void> {
    const pending = [first];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const folder: Folder = next;
      if (visited.has(folder.real)) {
        found.others.add("links to folders that are read already", folder.path);
        continue;
      }
      visited.add(folder.real);
      assertDepth(root, folder.path);
      const entries = await entriesOf(join(root, folder.path));
      if (await isRun(join(root, folder.path), entries)) {
        if (folder.path === "")
          throw new Error(`openImages: ${root} is the folder of a run. Name the images themselves.`);
        found.others.add("folders of runs", folder.path);
        continue;
      }
      if (folder.path !== "" && !folder.path.includes("/")) withoutImages.add(folder.path);
      for (const entry of entries) await sort(folder, entry, pending);
    }
  }

  async function sort(folder: Folder, entry: Dirent, pending: Folder[]): Promise<void> {
    const path = folder.path === "" ? entry.name : `${folder.path}/${entry.name}`;
    if (entry.name.startsWith(".")) return found.others.add("hidden files and folders", path);
    if (FOREIGN.has(entry.name)) return found.others.add("folders of other programs", path);
    if (entry.isSymbolicLink()) return followed(path);
    if (entry.isDirectory()) {
      const isEmptyImage = isImageFile(entry.name) && !(await holdsAny(join(root, path)));
      if (isEmptyImage)
        found.images.push(path); // it will be named as one that cannot be read
      else pending.push({ path, real: join(folder.real, entry.name) });
    } else file(path);
  }

  async function followed(path: string): Promise<void> {
    const target = await stat(join(root, path)).catch(() => undefined);
    if (target?.isDirectory()) links.push({ path, real: await realpath(join(root, path)) });
    else if (target !== undefined || isImageFile(path)) file(path);
    else found.others.add("links that lead nowhere", path);
  }

  function file(path: string): void {
    if (isImageFile(path)) found.images.push(path);
    else if (isArchive(path)) found.archives.push(path);
    else if (BINARY.test(path)) found.binaries.push(path);
    else found.others.add(endingOf(path), path);
  }

  await visit({ path: "", real: await realpath(root) });
  for (const link of links) await visit(link); // it grows meanwhile
  return { ...sorted(found), passedOver: [...found.others.list(), ...emptyOnes(withoutImages, found)] };
}

interface Folder {
  readonly path: string;
  readonly real: string;
}

type Kinds = Record<"images" | "archives" | "binaries", string[]>;

function sorted({ images, archives, binaries }: Kinds): Kinds {
  return {
    images: images.sort(byCodePoint),
    archives: archives.sort(byCodePoint),
    binaries: binaries.sort(byCodePoint),
  };
}

function emptyOnes(folders: Set<string>, { images, archives, binaries }: Kinds): PassedOver[] {
  for (const paths of [images, archives, binaries]) for (const path of paths) folders.delete(path.split("/", 1)[0]!);
  const names = [...folders].sort(byCodePoint);
  return names.length === 0 ? [] : [{ what: "folders without images", count: names.length, names: names.slice(0, 5) }];
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => byCodePoint(a.name, b.name));
  } catch (error) {
    throw new Error(`openImages: ${folder} cannot be opened: ${(error as Error).message}.`, { cause: error });
  }
}

async function holdsAny(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).length > 0;
}

/** Its pictures, and what lies beside them, are nobody's data. */
async function isRun(folder: string, entries: readonly Dirent[]): Promise<boolean> {
  const names = new Set(entries.map(({ name }) => name));
  if (!names.has("config.json") || !RUN_ENTRIES.some((name) => names.has(name))) return false;
  try {
    const config: unknown = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
    return typeof (config as { method?: unknown } | null)?.method === "string";
  } catch {
    return false; // somebody's own config.json
  }
}

function assertDepth(root: string, path: string): void {
  if (path.split("/").length > MOST_FOLDERS_DEEP)
    throw new Error(`openImages: ${join(root, path)} is more than ${MOST_FOLDERS_DEEP} folders deep.`);
}
