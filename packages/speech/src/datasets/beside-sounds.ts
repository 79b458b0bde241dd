/**
 * What small files beside a recording say of it, as in webdataset's shards: `000123.cls` a class, `000123.txt` what is said, `000123.json` both.
 */
import { sampleKey } from "@autodidact/core";
import { labelColumn, speakerColumn, transcriptColumn } from "./column-names.js";
import { baseName } from "./sound-formats.js";
import type { SoundSource } from "./sound-source.js";

export interface BesideSound {
  readonly label?: string | undefined;
  readonly speaker?: string | undefined;
  readonly transcript?: string | undefined;
}

export interface BesideSounds {
  /** By the recording's row. */
  readonly facts: ReadonlyMap<number, BesideSound>;
  /** The files that say something. */
  readonly tellers: readonly string[];
}

const AT_ONCE = 64;

export async function besideSounds(source: SoundSource): Promise<BesideSounds> {
  const rowOf = new Map(source.places.map((place, row) => [sampleKey(place), row]));
  const beside = source.texts.filter((place) => rowOf.has(sampleKey(place)));
  const facts = new Map<number, BesideSound>();
  const tellers: string[] = [];
  for (let start = 0; start < beside.length; start += AT_ONCE) {
    const some = beside.slice(start, start + AT_ONCE);
    const texts = await Promise.all(some.map((place) => source.text(place)));
    for (const [n, place] of some.entries()) {
      const told = factsIn(baseName(place), texts[n]!);
      const row = rowOf.get(sampleKey(place))!;
      if (told === undefined) continue;
      facts.set(row, { ...facts.get(row), ...told });
      tellers.push(place);
    }
  }
  return { facts, tellers };
}

/** Undefined where the file says none of it. */
function factsIn(name: string, text: string): BesideSound | undefined {
  const plain = text.trim();
  if (/\.txt$/i.test(name)) return plain === "" ? undefined : { transcript: plain };
  if (/\.cls$/i.test(name)) return plain === "" || plain.includes("\n") ? undefined : { label: plain };
  try {
    const fields = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    if (typeof fields !== "object" || fields === null) return undefined;
    const named = (isNamed: (name: string) => boolean) => {
      const key = Object.keys(fields).find((field) => isNamed(field) && isTold(fields[field]));
      return key === undefined ? undefined : String(fields[key]).trim();
    };
    const all = { label: named(labelColumn), speaker: named(speakerColumn), transcript: named(transcriptColumn) };
    const told = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return Object.keys(told).length === 0 ? undefined : told;
  } catch {
    return undefined;
  }
}

const isTold = (value: unknown) => (typeof value === "string" && value.trim() !== "") || Number.isInteger(value);
