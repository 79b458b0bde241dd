/**
 * Which layout the recordings at a path have, and what it tells of them.
 */
import { basename, dirname } from "node:path";
import { counted, endingOf, isArchive, type PassedOver, statOf, tally, UsageError } from "@autodidact/core";
import { isLibriSpeech, librispeech } from "./librispeech.js";
import { isSoundFile, isTableFile, readableSounds } from "./sound-formats.js";
import { archiveSource, fileSource, folderSource, type SoundSource } from "./sound-source.js";
import { chooseTables, type ManifestOptions, openTable } from "./sound-tables.js";
import { type FolderOptions, soundsInFolders } from "./sounds-in-folders.js";
import { soundsInTables } from "./sounds-in-tables.js";
import { isSpeechCommands, speechCommands } from "./speech-commands.js";
import type { ToldSounds } from "./told-sounds.js";

export interface LayoutOptions extends FolderOptions, ManifestOptions {}

/** A layout or a pattern that is told goes before tables, and these before what is known by its names. */
export async function toldSoundsAt(path: string, options: LayoutOptions): Promise<ToldSounds> {
  const { layout, pattern } = options;
  const isFolder = (await statOf("openSounds", path)).isDirectory();
  const [folder, name] = [dirname(path), basename(path)];
  if (!isFolder && isTableFile(name)) return fromTable(path, options);
  const source = await sourceAt(path, isFolder ? undefined : { folder, name });
  const areNamesTold = layout !== undefined || pattern !== undefined;
  if (!areNamesTold && source.tables.length > 0) {
    const found = await fromTables(path, source, options);
    if (found !== undefined) return found;
  }
  if (source.paths.length === 0) throw nothingAt(path, [...unread(source, []), ...source.passedOver]);
  const told = await fromNames(path, source, options);
  return { ...told, passedOver: [...told.passedOver, ...unread(source, told.tellers), ...source.passedOver] };
}

function sourceAt(path: string, file: { folder: string; name: string } | undefined): Promise<SoundSource> {
  if (file === undefined) return folderSource(path);
  if (isArchive(file.name)) return archiveSource(file.folder, [file.name], { areNamesRead: false });
  if (isSoundFile(file.name)) return Promise.resolve(fileSource(file.folder, [file.name]));
  throw nothingAt(path, [{ what: endingOf(file.name), count: 1, names: [file.name] }]);
}

function fromNames(path: string, source: SoundSource, options: LayoutOptions): Promise<ToldSounds> {
  if (options.pattern === undefined && options.layout === undefined) {
    if (isLibriSpeech(source)) return librispeech(source);
    if (isSpeechCommands(source)) return speechCommands(source);
  }
  return soundsInFolders(path, source, options);
}

async function fromTable(path: string, options: ManifestOptions): Promise<ToldSounds> {
  const table = await openTable({ path, id: basename(path), bytes: 0 }, options);
  if (table !== undefined) return soundsInTables(dirname(path), [table], options);
  throw new UsageError(
    `openSounds: ${path} must be or hold recordings: a table of them has a line of names and a column of files (path, file, audio, wav). Name the column: { fileFrom: … }.`,
  );
}

/** Undefined where no table of the folder names recordings. */
async function fromTables(
  root: string,
  source: SoundSource,
  options: ManifestOptions,
): Promise<ToldSounds | undefined> {
  const { tables, beside } = await chooseTables(root, source.tables, options);
  if (tables.length === 0) return undefined;
  const told = await soundsInTables(root, tables, options);
  const others = tally();
  for (const { what, id } of beside) others.add(what, id);
  const named = new Set(told.source.ids);
  for (const id of source.ids) if (!named.has(id)) others.add("recordings that no table names", id);
  for (const place of source.texts) others.add(endingOf(place), place);
  return { ...told, passedOver: [...told.passedOver, ...others.list(), ...source.passedOver] };
}

function unread({ texts, tables }: SoundSource, tellers: readonly string[]): PassedOver[] {
  const read = new Set(tellers);
  const others = tally();
  for (const place of [...tables, ...texts]) if (!read.has(place)) others.add(endingOf(place), place);
  return others.list();
}

export function nothingAt(path: string, passedOver: readonly PassedOver[]): Error {
  const got = passedOver.slice(0, 5).map(({ what, count, names }) => `${counted(count, what)} (${names[0]})`);
  return new UsageError(
    `openSounds: ${path} must be or hold recordings (${readableSounds}), .tar, .tar.gz or .tgz archives of them, ` +
      `or a CSV, TSV or JSON Lines table that names them. Got ${got.join(", ") || "an empty folder"}.`,
  );
}
