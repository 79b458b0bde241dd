/**
 * Recordings in files or archives, with the small texts and the tables beside them, before anybody says what they tell.
 */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  archiveFolders,
  CorruptSampleError,
  endingOf,
  isArchive,
  ofFile,
  type PassedOver,
  placeInArchive,
  readTarEntry,
  type TarEntry,
  tally,
  tarEntries,
  UsageError,
  walkFiles,
} from "@autodidact/core";
import { type SoundHeader, soundHeader } from "../sound-files/sound-header.js";
import { isSoundFile, isTableFile, isTextFile } from "./sound-formats.js";

export interface SoundSource {
  /** "a folder of recordings" */
  readonly kind: string;
  /** What each recording is called in messages. */
  readonly ids: readonly string[];
  /** Where each lies: what may tell its part and its class. */
  readonly paths: readonly string[];
  /** Where each lies among `texts`: of one that is inside an archive, there. */
  readonly places: readonly string[];
  /** Small text files beside them. */
  readonly texts: readonly string[];
  text(place: string): Promise<string>;
  /** The file on disk that holds a text. */
  textFile(place: string): string;
  /** Tables in the folder; none inside archives. */
  readonly tables: readonly string[];
  readonly passedOver: readonly PassedOver[];
  /** The file on disk that holds a recording. */
  file(row: number): string;
  read(row: number): Promise<Uint8Array>;
  header(row: number): Promise<SoundHeader>;
}

/** More than ten hours at 16 kHz are no recording of speech but a tape of it. */
const MOST_BYTES = 2 ** 30;
const MOST_TEXT_BYTES = 2 ** 24;

function assertReadable(id: string, bytes: number): void {
  if (bytes === 0) throw new CorruptSampleError(id, "the file is empty");
  if (bytes > MOST_BYTES)
    throw new CorruptSampleError(id, `the file must have at most ${MOST_BYTES} bytes, has ${bytes}. Cut the recording`);
}

/** Files below a folder, by their paths. */
export function fileSource(
  root: string,
  paths: readonly string[],
  beside: Partial<Pick<SoundSource, "ids" | "texts" | "tables" | "passedOver">> = {},
): SoundSource {
  const { ids = paths } = beside;
  const file = (row: number) => join(root, paths[row]!);
  const ofRow = <Told>(row: number, tell: () => Promise<Told>) =>
    ofFile(ids[row]!, file(row), (size) => {
      assertReadable(ids[row]!, size);
      return tell();
    });
  return {
    kind: "a folder of recordings",
    ids,
    paths,
    places: paths,
    texts: [],
    tables: [],
    passedOver: [],
    ...beside,
    file,
    text: (place) => textIn(join(root, place)),
    textFile: (place) => join(root, place),
    read: (row) => ofRow(row, () => readFile(file(row))),
    header: (row) => ofRow(row, () => soundHeader(file(row), ids[row]!)),
  };
}

async function textIn(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (bytes.length > MOST_TEXT_BYTES)
    throw new UsageError(
      `openSounds: ${path} must have at most ${MOST_TEXT_BYTES} bytes of text, has ${bytes.length}.`,
    );
  return textOf(bytes);
}

/** Without a byte-order mark. */
const textOf = (bytes: Buffer) => bytes.toString("utf8").replace(/^\ufeff/, "");

/** All below a folder: loose recordings, or else archives of them. */
export async function folderSource(root: string): Promise<SoundSource> {
  const { files, passedOver } = await walkFiles(root, {
    who: "openSounds",
    noun: "recordings",
    kinds: ["sounds", "archives", "tables", "texts"],
    kindOf(path) {
      if (isSoundFile(path)) return "sounds";
      if (isArchive(path)) return "archives";
      if (isTableFile(path)) return "tables";
      return isTextFile(path) ? "texts" : undefined;
    },
  });
  const { sounds, archives, tables, texts } = files;
  const others = tally();
  if (sounds.length === 0 && archives.length > 0) {
    for (const path of [...tables, ...texts]) others.add(endingOf(path), path);
    return archiveSource(root, archives, { areNamesRead: true, passedOver: [...others.list(), ...passedOver] });
  }
  for (const path of archives) others.add("archives beside what is read", path);
  return fileSource(root, sounds, { texts, tables, passedOver: [...others.list(), ...passedOver] });
}

export interface ArchiveSourceOptions {
  /** Whether the archives' names may tell parts or classes. */
  readonly areNamesRead: boolean;
  readonly passedOver?: readonly PassedOver[];
}

/** `paths` of the archives are relative to `root`, with slashes. */
export async function archiveSource(
  root: string,
  paths: readonly string[],
  { areNamesRead, passedOver = [] }: ArchiveSourceOptions,
): Promise<SoundSource> {
  const others = tally();
  const texts = new Map<string, { readonly archive: string; readonly text: string }>();
  const archives: { readonly path: string; readonly entries: readonly TarEntry[] }[] = [];
  const placeOf = (path: string, name: string) => `${path}/${name}`;
  for (const path of paths) {
    const reading = {
      who: "openSounds",
      noun: "recordings",
      isExample: isSoundFile,
      tells: isTextFile,
      factsIn(name: string, text: string) {
        texts.set(placeOf(path, name), { archive: path, text: text.replace(/^\ufeff/, "") });
        return {};
      },
      others,
    };
    archives.push({ path, entries: await tarEntries(join(root, path), reading) });
  }
  const rows = archives.flatMap((archive) => archive.entries.map((entry) => ({ archive, entry })));
  const folders = areNamesRead ? archiveFolders(archives) : undefined;
  const isNamedApart = new Set(paths.map((path) => basename(path))).size === paths.length;
  const ids = rows.map(({ archive, entry }) =>
    placeOf(isNamedApart ? basename(archive.path) : archive.path, entry.name),
  );
  const file = (row: number) => join(root, rows[row]!.archive.path);
  async function read(row: number): Promise<Uint8Array> {
    assertReadable(ids[row]!, rows[row]!.entry.size);
    return readTarEntry(ids[row]!, file(row), rows[row]!.entry);
  }
  return {
    kind: paths.length === 1 ? "a tar archive of recordings" : "tar archives of recordings",
    ids,
    paths: rows.map(({ archive, entry }) => placeInArchive(folders?.get(archive) ?? "", entry.name)),
    places: rows.map(({ archive, entry }) => placeOf(archive.path, entry.name)),
    texts: [...texts.keys()],
    tables: [],
    passedOver: [...others.list(), ...passedOver],
    file,
    text: async (place) => texts.get(place)!.text,
    textFile: (place) => join(root, texts.get(place)!.archive),
    read,
    header: async (row) => soundHeader(await read(row), ids[row]!),
  };
}
