/**
 * All that lies below a folder, sorted by what it may be: examples, archives, tables; the rest is counted.
 *
 * Each real folder is visited once: links to folders are followed after them, so that a link back or beside adds nothing.
 */
import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { UsageError } from "../usage-error.js";
import { byCodePoint } from "./code-points.js";
import type { PassedOver } from "./found-data.js";
import { tally } from "./passed-over.js";
import { notOpened } from "./stat-of.js";

export interface WalkOptions<Kind extends string> {
  /** Who was asked, for errors: "openImages". */
  readonly who: string;
  /** What the examples are called, in the plural: "images". */
  readonly noun: string;
  /** By the files' paths below the folder, with slashes; examples are the first. */
  readonly kinds: readonly [Kind, ...Kind[]];
  /** What a file may be; undefined of what is passed over. */
  kindOf(path: string): Kind | undefined;
}

export interface FileTree<Kind extends string> {
  /** Paths below the folder, with slashes, sorted; by their names, whatever they are. */
  readonly files: Readonly<Record<Kind, readonly string[]>>;
  readonly passedOver: readonly PassedOver[];
}

const ARCHIVE = /\.(tar|tar\.gz|tgz)$/i;
const MOST_FOLDERS_DEEP = 64;

/** What systems and tools leave beside examples. */
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

export async function walkFiles<Kind extends string>(
  root: string,
  { who, noun, kinds, kindOf }: WalkOptions<Kind>,
): Promise<FileTree<Kind>> {
  const files = Object.fromEntries(kinds.map((kind) => [kind, [] as string[]])) as Record<Kind, string[]>;
  const others = tally();
  const isExample = (path: string) => kindOf(path) === kinds[0];
  const withoutExamples = new Set<string>();
  const visited = new Set<string>();
  const links: Folder[] = [];

  async function visit(first: Folder): Promise<void> {
    const pending = [first];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const folder: Folder = next;
      if (visited.has(folder.real)) {
        others.add("links to folders that are read already", folder.path);
        continue;
      }
      visited.add(folder.real);
      assertDepth(who, join(root, folder.path), folder.path);
      const entries = await entriesOf(who, join(root, folder.path));
      if (await isRun(join(root, folder.path), entries)) {
        if (folder.path === "")
          throw new UsageError(`${who}: ${root} is the folder of a run. Name the ${noun} themselves.`);
        others.add("folders of runs", folder.path);
        continue;
      }
      if (folder.path !== "" && !folder.path.includes("/")) withoutExamples.add(folder.path);
      for (const entry of entries) await sort(folder, entry, pending);
    }
  }

  async function sort(folder: Folder, entry: Dirent, pending: Folder[]): Promise<void> {
    const path = folder.path === "" ? entry.name : `${folder.path}/${entry.name}`;
    if (entry.name.startsWith(".")) return others.add("hidden files and folders", path);
    if (FOREIGN.has(entry.name)) return others.add("folders of other programs", path);
    if (entry.isSymbolicLink()) return followed(path);
    if (entry.isDirectory()) {
      const isEmptyExample = isExample(path) && !(await holdsAny(who, join(root, path)));
      if (isEmptyExample)
        files[kinds[0]].push(path); // it will be named as one that cannot be read
      else pending.push({ path, real: join(folder.real, entry.name) });
    } else file(path);
  }

  async function followed(path: string): Promise<void> {
    const target = await stat(join(root, path)).catch(() => undefined);
    if (target?.isDirectory()) links.push({ path, real: await realpath(join(root, path)) });
    else if (target !== undefined || isExample(path)) file(path);
    else others.add("links that lead nowhere", path);
  }

  function file(path: string): void {
    const kind = kindOf(path);
    if (kind === undefined) others.add(endingOf(path), path);
    else files[kind].push(path);
  }

  await visit({ path: "", real: await realpath(root) });
  for (const link of links) await visit(link); // it grows meanwhile
  for (const kind of kinds) files[kind].sort(byCodePoint);
  return {
    files,
    passedOver: [
      ...others.list(),
      ...emptyOnes(
        withoutExamples,
        kinds.map((kind) => files[kind]),
        noun,
      ),
    ],
  };
}

interface Folder {
  readonly path: string;
  readonly real: string;
}

function emptyOnes(folders: Set<string>, kinds: readonly (readonly string[])[], noun: string): PassedOver[] {
  for (const paths of kinds) for (const path of paths) folders.delete(path.split("/", 1)[0]!);
  const names = [...folders].sort(byCodePoint);
  return names.length === 0 ? [] : [{ what: `folders without ${noun}`, count: names.length, names: names.slice(0, 5) }];
}

async function entriesOf(who: string, folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => byCodePoint(a.name, b.name));
  } catch (error) {
    throw notOpened(who, folder, error as NodeJS.ErrnoException);
  }
}

async function holdsAny(who: string, folder: string): Promise<boolean> {
  return (await entriesOf(who, folder)).length > 0;
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

function assertDepth(who: string, folder: string, path: string): void {
  if (path.split("/").length > MOST_FOLDERS_DEEP)
    throw new UsageError(`${who}: ${folder} is more than ${MOST_FOLDERS_DEEP} folders deep.`);
}
