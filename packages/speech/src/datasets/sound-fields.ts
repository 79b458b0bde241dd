/**
 * Which of the fields that are known of recordings is the class, and which says who speaks.
 */
import { listed, UsageError } from "@autodidact/core";
import type { ToldSound, ToldSounds } from "./told-sounds.js";

export interface FieldOptions {
  /** What tells the class: `folder`, `speaker`, a field of the pattern or a column of the table. */
  readonly labelFrom?: string | undefined;
  /** What tells who speaks: `folder`, a field or a column. */
  readonly speakerFrom?: string | undefined;
}

/** A recording with its class and its speaker by name. */
export interface NamedSound extends ToldSound {
  /** What it is called in messages. */
  readonly id: string;
  readonly label: string | undefined;
  readonly speaker: string | undefined;
}

export function namedSounds(
  where: string,
  told: ToldSounds,
  { labelFrom, speakerFrom }: FieldOptions,
): { readonly sounds: NamedSound[]; readonly labelField: string | undefined } {
  const fields = fieldNames(told.sounds);
  const speakerField = speakerFrom === undefined ? told.speakerField : known(where, fields, "speakerFrom", speakerFrom);
  const isSpeaker = labelFrom === "speaker" && !fields.has("speaker") && speakerField !== undefined;
  const asked = isSpeaker ? speakerField : labelFrom;
  const labelField = asked === undefined ? told.labelField : known(where, fields, "labelFrom", asked);
  const fieldOf = (sound: ToldSound, field: string | undefined) =>
    field === undefined ? undefined : sound.fields[field];
  const sounds = told.sounds.map((sound) => ({
    ...sound,
    id: told.source.ids[sound.row]!,
    label: fieldOf(sound, labelField),
    speaker: fieldOf(sound, speakerField),
  }));
  return { sounds, labelField };
}

export function fieldNames(sounds: readonly ToldSound[]): Set<string> {
  const names = new Set<string>();
  for (const { fields } of sounds) for (const name in fields) names.add(name);
  return names;
}

export function known(where: string, fields: ReadonlySet<string>, option: string, field: string): string {
  if (fields.has(field)) return field;
  throw new UsageError(
    `openSounds: nothing in ${where} tells a ${field}, as { ${option} } asks; known of its recordings: ${listed([...fields])}.`,
  );
}
