/**
 * What files' names tell, by a pattern: `{digit}_{speaker}_{index}.wav` of `7_jackson_32.wav` is digit 7, speaker jackson, index 32.
 */
import { UsageError } from "@autodidact/core";

export interface NamePattern {
  /** In their order. */
  readonly fields: readonly string[];
  /** Of a path with slashes; undefined where its end does not match. Throws where it can be read in two ways. */
  read(path: string): Readonly<Record<string, string>> | undefined;
}

const FIELD = /\{([^{}]*)\}/g;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const SOUND_ENDING = /\.[a-z0-9]{2,5}$/i;

/** A pattern with slashes reads so many folders too; one without an ending is of names without theirs. */
export function namePattern(pattern: string): NamePattern {
  const fields = [...pattern.matchAll(FIELD)].map(([, name]) => name!);
  const literals = pattern.split(/\{[^{}]*\}/);
  assertPattern(pattern, fields, literals);
  const isEnded = SOUND_ENDING.test(literals.at(-1)!);
  const expression = (field: string) => new RegExp(`(?:^|/)${literals.map(escaped).join(field)}$`, "u");
  // What a field may hold is any text: that the shortest and the longest texts are the same ones says that there is one reading.
  const [shortest, longest] = [expression("([^/]+?)"), expression("([^/]+)")];
  return {
    fields,
    read(path) {
      const name = isEnded ? path : path.replace(SOUND_ENDING, "");
      const found = shortest.exec(name)?.slice(1);
      if (found === undefined) return undefined;
      const other = longest.exec(name)!.slice(1);
      if (found.some((text, place) => text !== other[place])) throw twoReadings(pattern, path, [fields, found, other]);
      return Object.fromEntries(fields.map((name, place) => [name, found[place]!]));
    },
  };
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

function assertPattern(pattern: string, fields: readonly string[], literals: readonly string[]): void {
  const must = "pattern must be a file's name with fields in braces, {digit}_{speaker}_{index}.wav";
  if (fields.length === 0) throw new UsageError(`openSounds: ${must}, got ${JSON.stringify(pattern)} without a field.`);
  const wrong = fields.find((name) => !NAME.test(name));
  if (wrong !== undefined)
    throw new UsageError(`openSounds: ${must}; a field's name is letters and digits, got {${wrong}}.`);
  const twice = fields.find((name, place) => fields.indexOf(name) !== place);
  if (twice !== undefined) throw new UsageError(`openSounds: ${must}; each field stands once, got {${twice}} twice.`);
  if (literals.slice(1, -1).includes(""))
    throw new UsageError(
      `openSounds: ${must}; between two fields something must stand, got ${JSON.stringify(pattern)}.`,
    );
}

function twoReadings(
  pattern: string,
  path: string,
  [fields, found, other]: readonly [readonly string[], readonly string[], readonly string[]],
): Error {
  const told = (texts: readonly string[]) => fields.map((name, place) => `${name} ${texts[place]}`).join(", ");
  return new UsageError(
    `openSounds: ${path} can be read by ${pattern} in two ways: ${told(found)}; or ${told(other)}. ` +
      "Rename such files, or give the fields another separator.",
  );
}
