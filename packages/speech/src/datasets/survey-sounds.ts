/**
 * What recordings lie at a path: their layout, parts, classes, speakers, transcripts, and what is passed over. Headers of some are read; nothing is
 * decoded.
 */
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import {
  byNumberOrName,
  endingOf,
  type FoundData,
  foundIn,
  isArchive,
  labelsOf,
  type PartLabels,
  type PartName,
  type PassedOver,
  partsOf,
  tally,
} from "@autodidact/core";
import { type HeldOutOptions, heldOut } from "./held-out-sounds.js";
import { isLibriSpeech, librispeech } from "./librispeech.js";
import type { SoundDataset } from "./sound-dataset.js";
import { type FieldOptions, type NamedSound, namedSounds } from "./sound-fields.js";
import { isSoundFile, isTableFile, readableSounds } from "./sound-formats.js";
import { headerRemarks } from "./sound-header-sample.js";
import { type DecodeOptions, datasetOf, type SoundPart, soundParts, speakersOf } from "./sound-set.js";
import { archiveSource, fileSource, folderSource, type SoundSource } from "./sound-source.js";
import { chooseTables, type ManifestOptions, openTable } from "./sound-tables.js";
import { type FolderOptions, soundsInFolders } from "./sounds-in-folders.js";
import { soundsInTables } from "./sounds-in-tables.js";
import { isSpeechCommands, speechCommands } from "./speech-commands.js";
import type { ToldSounds } from "./told-sounds.js";

export interface SurveySoundsOptions extends FolderOptions, FieldOptions, HeldOutOptions, ManifestOptions {}

export interface SoundPartOptions extends DecodeOptions {
  /** Which part; several are taken one after the other. It may be left out where there is one alone. */
  part?: PartName | readonly PartName[] | undefined;
}

export interface SoundSurvey {
  readonly found: FoundData;
  /** In their order: train, validation, test, unlabelled; or all. */
  readonly parts: readonly PartName[];
  /** Parts of which every recording has a class. */
  readonly labelled: readonly PartName[];
  /** How many of the classes are the training part's; those that follow are in other parts alone. */
  readonly learnableClasses: number;
  /** Why there are no labels: what is to be chosen. */
  readonly whyUnlabelled: string;
  /** All of them, by index. */
  readonly speakers: readonly string[];
  open(options: SoundPartOptions): SoundDataset;
}

/** A folder of recordings in any of the layouts that the README tells, tar archives of them, a table that names them, or one file. */
export async function surveySounds(path: string, options: SurveySoundsOptions = {}): Promise<SoundSurvey> {
  const told = await toldAt(path, options);
  const { sounds: all, labelField } = namedSounds(path, told, options);
  const { sounds, reading } = heldOut(path, all, options);
  if (sounds.length === 0) throw nothingAt(path, told.passedOver);
  const parts = soundParts(told.source, sounds);
  const set = {
    kind: told.kind,
    parts,
    areLabelsTold: true,
    compare: byNumberOrName,
    passedOver: told.passedOver,
    remarks: await remarksOn(told, sounds, labelField),
  };
  const labels = labelsOf(set);
  const speakers = speakersOf(sounds);
  const readings = [...(told.reading ?? []), ...(reading === undefined ? [] : [reading])];
  const names = parts.map(({ name }) => name);
  const tellers = told.tellers.map((place) => told.source.textFile(place));
  return {
    found: {
      ...foundIn(set, labels),
      ...(told.columns !== undefined && { columns: told.columns }),
      ...(readings.length > 0 && { reading: readings }),
    },
    parts: names,
    labelled: labels.classes.length > 0 ? names.filter((part) => labels.labelled.has(part)) : [],
    learnableClasses: labels.learnable,
    whyUnlabelled: whyUnlabelled(told, labelField, labels),
    speakers,
    open({ part, ...decoding }) {
      const chosen: readonly SoundPart[] = partsOf({ who: "openSounds", where: path }, parts, part);
      return datasetOf(chosen, { source: told.source, labels, speakers, tellers }, decoding);
    },
  };
}

async function toldAt(path: string, options: SurveySoundsOptions): Promise<ToldSounds> {
  const { layout, pattern } = options;
  const isFolder = (await statOf(path)).isDirectory();
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

function fromNames(path: string, source: SoundSource, options: SurveySoundsOptions): Promise<ToldSounds> {
  if (options.pattern === undefined && options.layout === undefined) {
    if (isLibriSpeech(source)) return librispeech(source);
    if (isSpeechCommands(source)) return speechCommands(source);
  }
  return soundsInFolders(path, source, options);
}

async function fromTable(path: string, options: ManifestOptions): Promise<ToldSounds> {
  const table = await openTable({ path, id: basename(path), bytes: 0 }, options);
  if (table !== undefined) return soundsInTables(dirname(path), [table], options);
  throw new Error(
    `openSounds: ${path} must have a line of names and a column of files (path, file, audio, wav). Name the column: { fileFrom: … }.`,
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

function whyUnlabelled(told: ToldSounds, labelField: string | undefined, { classes, reason }: PartLabels): string {
  if (labelField === undefined) return told.whyUnlabelled;
  return classes.length === 1 ? `there is one class alone, ${classes[0]}` : reason;
}

function unread({ texts, tables }: SoundSource, tellers: readonly string[]): PassedOver[] {
  const read = new Set(tellers);
  const others = tally();
  for (const place of [...tables, ...texts]) if (!read.has(place)) others.add(endingOf(place), place);
  return others.list();
}

const SHOWN = 12;

async function remarksOn(
  { source, remarks, labelField: settled, whyUnlabelled }: ToldSounds,
  sounds: readonly NamedSound[],
  labelField: string | undefined,
): Promise<string[]> {
  const said = [...remarks];
  if (labelField === undefined) said.push(`no classes: ${whyUnlabelled}`);
  else if (labelField !== settled || labelField !== "label") said.push(`classes by ${labelField}`);
  const speakers = speakersOf(sounds);
  if (speakers.length > 0) {
    const shown = `${speakers.slice(0, SHOWN).join(", ")}${speakers.length > SHOWN ? ", …" : ""}`;
    said.push(`${speakers.length} speaker${speakers.length === 1 ? "" : "s"}: ${shown}`);
  }
  const transcribed = sounds.filter(({ transcript }) => transcript !== undefined).length;
  if (transcribed > 0) said.push(`transcripts of ${transcribed === sounds.length ? "all" : transcribed} recordings`);
  const rows = sounds.map(({ row }) => row);
  return [...said, ...(await headerRemarks(source, rows))];
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new Error(`openSounds: ${path} cannot be opened: ${(error as Error).message}.`, { cause: error });
  }
}

function nothingAt(path: string, passedOver: readonly PassedOver[]): Error {
  const got = passedOver.slice(0, 5).map(({ what, count, names }) => `${count} ${what} (${names[0]})`);
  return new Error(
    `openSounds: ${path} must be or hold recordings (${readableSounds}), .tar, .tar.gz or .tgz archives of them, ` +
      `or a CSV, TSV or JSON Lines table that names them. Got ${got.join(", ") || "an empty folder"}.`,
  );
}
