/**
 * Recordings that their paths alone tell of, and small files beside them: parts by folders' names, fields by a pattern.
 *
 * Whether a folder is a class or a speaker is not guessed.
 */
import { type Layout, layoutOf, tally, UsageError } from "@autodidact/core";
import { besideSounds } from "./beside-sounds.js";
import { namePattern } from "./name-pattern.js";
import type { SoundSource } from "./sound-source.js";
import type { ToldSound, ToldSounds } from "./told-sounds.js";

export interface FolderOptions {
  /** How folders are taken where their names leave it open: each apart, or those named so for parts. */
  readonly layout?: Layout | undefined;
  /** What files' names tell: `{digit}_{speaker}_{index}.wav`. */
  readonly pattern?: string | undefined;
}

/** Fields that are no classes, whatever else a name tells. */
const NO_LABELS = new Set(["speaker", "index", "folder"]);

export async function soundsInFolders(
  where: string,
  source: SoundSource,
  { layout, pattern }: FolderOptions,
): Promise<ToldSounds> {
  const asked = { who: "openSounds", noun: "recordings", where, layout };
  const { parts, outside, remarks } = layoutOf(source.paths, asked);
  const passedOver = tally();
  for (const row of outside) passedOver.add("recordings outside the parts", source.ids[row]!);
  const { facts, tellers } = await besideSounds(source);
  const names = pattern === undefined ? undefined : namePattern(pattern);
  const sounds: ToldSound[] = [];
  for (const { name: part, rows, className } of parts) {
    for (const row of rows) {
      const read = names?.read(source.paths[row]!);
      if (names !== undefined && read === undefined) {
        passedOver.add("recordings that are named otherwise than the pattern", source.ids[row]!);
        continue;
      }
      const { transcript, ...beside } = facts.get(row) ?? {};
      const folder = className(row);
      const fields = definedOf({ folder, ...beside, ...read });
      sounds.push({ row, part, fields, transcript });
    }
  }
  if (names !== undefined && 2 * sounds.length < source.paths.length) throw unlike(where, source, pattern!, sounds);
  const isNamed = (field: string) => sounds.some(({ fields }) => field in fields);
  const free = (names?.fields ?? []).filter((field) => !NO_LABELS.has(field));
  return {
    kind: pattern === undefined ? source.kind : `${source.kind} named ${pattern}`,
    source,
    sounds,
    labelField: isNamed("label") ? "label" : free.length === 1 ? free[0] : undefined,
    speakerField: isNamed("speaker") ? "speaker" : undefined,
    whyUnlabelled: whyUnlabelled(free, isNamed("folder") ? foldersOf(sounds) : []),
    passedOver: passedOver.list(),
    remarks: parts.some(({ name }) => name !== "all") ? remarks : [],
    tellers,
  };
}

const definedOf = (fields: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined));

const foldersOf = (sounds: readonly ToldSound[]) => [...new Set(sounds.flatMap(({ fields }) => fields.folder ?? []))];

function whyUnlabelled(free: readonly string[], folders: readonly string[]): string {
  if (free.length > 1) {
    const choices = free.map((field) => `{ labelFrom: ${JSON.stringify(field)} }`).join(" or ");
    return `their names tell ${free.join(", ")}: choose ${choices}`;
  }
  if (folders.length === 0) return "they lie in no folders, and nothing beside them tells any";
  const shown = `${folders.slice(0, 4).join(", ")}${folders.length > 4 ? ", …" : ""}`;
  return (
    `its folders (${shown}) may be classes or speakers: choose { labelFrom: "folder" }, ` +
    'and { speakerFrom: "folder" } where they are speakers'
  );
}

function unlike(where: string, { paths }: SoundSource, pattern: string, sounds: readonly ToldSound[]): Error {
  const matched = new Set(sounds.map(({ row }) => row));
  const other = paths.find((_, row) => !matched.has(row));
  return new UsageError(
    `openSounds: most recordings of ${where} must be named ${pattern}, got ${sounds.length} of ${paths.length}; ${other} is not. ` +
      "Change the pattern, or leave it out.",
  );
}
