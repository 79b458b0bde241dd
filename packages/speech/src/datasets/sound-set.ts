/**
 * Recordings of a part or of several as a data set: with the names of their classes and speakers, decoded when they are asked for.
 */
import {
  assertWithin,
  byNumberOrName,
  CorruptSampleError,
  cached,
  fingerprintFiles,
  type PartLabels,
  type PartName,
  type SetPart,
} from "@autodidact/core";
import { decodeSound } from "../sound-files/decode-sound.js";
import { soundHeader } from "../sound-files/sound-header.js";
import type { SoundDataset } from "./sound-dataset.js";
import type { NamedSound } from "./sound-fields.js";
import type { SoundSource } from "./sound-source.js";

export interface SoundPart extends SetPart {
  readonly sounds: readonly NamedSound[];
}

export interface DecodeOptions {
  /** All recordings are brought to this rate (Hz); each keeps its own unless told. */
  sampleRate?: number | undefined;
  /** Longer recordings are refused by name; half an hour unless told. */
  maxSeconds?: number | undefined;
  /** Decoded recordings are kept in memory up to so many bytes; 1 GiB unless told, 0 keeps none. */
  cacheBytes?: number | undefined;
}

const ORDER: readonly PartName[] = ["all", "train", "validation", "test", "unlabelled"];

export function soundParts(source: SoundSource, sounds: readonly NamedSound[]): SoundPart[] {
  const byPart = new Map<PartName, NamedSound[]>();
  for (const sound of sounds) {
    const own = byPart.get(sound.part);
    if (own === undefined) byPart.set(sound.part, [sound]);
    else own.push(sound);
  }
  return ORDER.flatMap((name) => {
    const own = byPart.get(name);
    return own === undefined ? [] : [partOf(name, source, own)];
  });
}

function partOf(name: PartName, source: SoundSource, sounds: readonly NamedSound[]): SoundPart {
  return {
    name,
    sounds,
    files: new Set(sounds.map(({ row }) => source.file(row))).size,
    length: sounds.length,
    id: (index) => source.ids[sounds[index]!.row]!,
    className: (index) => sounds[index]!.label,
  };
}

/** Every speaker of the set, whatever its part, so that an index means one person. */
export function speakersOf(sounds: readonly NamedSound[]): string[] {
  return [...new Set(sounds.flatMap(({ speaker }) => speaker ?? []))].sort(byNumberOrName);
}

export interface SoundSet {
  readonly source: SoundSource;
  readonly labels: PartLabels;
  readonly speakers: readonly string[];
  /** Files of which something of the recordings was told. */
  readonly tellers: readonly string[];
}

export function datasetOf(
  parts: readonly SoundPart[],
  { source, labels, speakers, tellers }: SoundSet,
  { sampleRate, maxSeconds, cacheBytes }: DecodeOptions,
): SoundDataset {
  const sounds = parts.flatMap((part) => part.sounds);
  const isLabelled = parts.every(({ name }) => labels.labelled.has(name));
  const classes = isLabelled ? labels.classes : [];
  const [placeOfClass, placeOfSpeaker] = [classes, speakers].map(
    (names) => new Map(names.map((name, place) => [name, place])),
  );
  const at = (index: number) => {
    assertWithin("SoundDataset", index, sounds.length);
    return sounds[index]!;
  };
  const id = (index: number) => source.ids[at(index).row]!;
  const label = (index: number) => placeIn(placeOfClass!, at(index).label);
  const speaker = (index: number) => placeIn(placeOfSpeaker!, at(index).speaker);
  const transcript = (index: number) => at(index).transcript;
  const dataset: SoundDataset = {
    length: sounds.length,
    classes,
    speakers,
    id,
    label,
    speaker,
    transcript,
    async get(index) {
      const bytes = await source.read(at(index).row);
      const rate = sampleRate ?? Math.round((await soundHeader(bytes, id(index))).sampleRate);
      const decoded = await decodeSound(bytes, {
        id: id(index),
        sampleRate: rate,
        ...(maxSeconds !== undefined && { maxSeconds }),
      });
      return { ...decoded, ...told({ label: label(index), speaker: speaker(index), transcript: transcript(index) }) };
    },
    header: (index) => source.header(at(index).row),
    source: (index) => source.file(at(index).row),
    async seconds(index) {
      try {
        return (await source.header(at(index).row)).seconds;
      } catch (error) {
        if (error instanceof CorruptSampleError) return undefined; // decoding tells why
        throw error;
      }
    },
    contents({ rows = Array(sounds.length).keys(), ...options } = {}) {
      const files = new Set(Array.from(rows, (index) => source.file(at(index).row)));
      return fingerprintFiles([...files, ...tellers], options);
    },
  };
  if (cacheBytes === 0) return dataset;
  const kept = cached(dataset, cacheBytes === undefined ? {} : { maxBytes: cacheBytes });
  return { ...dataset, get: (index) => kept.get(index) };
}

const placeIn = (places: ReadonlyMap<string, number>, name: string | undefined) =>
  name === undefined ? undefined : places.get(name);

interface Told {
  readonly label: number | undefined;
  readonly speaker: number | undefined;
  readonly transcript: string | undefined;
}

/** Only what is known. */
function told({ label, speaker, transcript }: Told): { label?: number; speaker?: number; transcript?: string } {
  return {
    ...(label !== undefined && { label }),
    ...(speaker !== undefined && { speaker }),
    ...(transcript !== undefined && { transcript }),
  };
}
