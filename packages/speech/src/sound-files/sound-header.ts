/**
 * What a sound file says of itself, without decoding it.
 */
import { open } from "node:fs/promises";
import { aiffLayout } from "./aiff-layout.js";
import { cafLayout } from "./caf-layout.js";
import { flacHeader } from "./flac-header.js";
import { afterId3 } from "./id3.js";
import { mp3Header } from "./mp3-header.js";
import { oggHeader } from "./ogg-pages.js";
import type { Pcm } from "./pcm.js";
import { type SoundKind, soundKind } from "./sound-kinds.js";
import { assertWithinLimits } from "./sound-limits.js";
import { wavLayout } from "./wav-layout.js";

export interface SoundHeader {
  readonly kind: SoundKind;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Length, where the header tells it (MP3 without a Xing or Info tag does not). */
  readonly seconds: number | undefined;
}

/** A file's bytes: some of its beginning and end, or all of it twice. */
interface Ends {
  readonly beginning: Uint8Array;
  readonly ending: Uint8Array;
  /** Bytes of the whole file. */
  readonly size: number;
}

/** Read at a file's beginning: this much holds nearly all headers, and so much more those with pictures and edit lists before the sound. */
const beginnings = [256 * 1024, 16 * 2 ** 20];
/** An OGG page has 65,307 bytes at most. */
const endingBytes = 65_536;

/** Of a file's bytes, or of its path. Throws `CorruptSampleError` where it is no sound, or lies about rate, channels or length. */
export async function soundHeader(
  file: Uint8Array | string,
  id = typeof file === "string" ? file : "sound",
): Promise<SoundHeader> {
  if (typeof file !== "string") return headerOf(id, { beginning: file, ending: file, size: file.length });
  const ends = await endsOf(file, beginnings[0]!);
  try {
    return headerOf(id, ends);
  } catch (error) {
    if (ends.beginning.length >= ends.size) throw error;
    return headerOf(id, await endsOf(file, beginnings[1]!));
  }
}

function headerOf(id: string, ends: Ends): SoundHeader {
  const kind = soundKind(id, ends.beginning);
  const { sampleRate, channels, frames } = numbersOf(id, kind, ends);
  const header = { kind, sampleRate, channels, seconds: frames === undefined ? undefined : frames / sampleRate };
  assertWithinLimits(id, header);
  return header;
}

function numbersOf(
  id: string,
  kind: SoundKind,
  ends: Ends,
): { sampleRate: number; channels: number; frames?: number | undefined } {
  const { beginning, ending } = ends;
  if (kind === "wav" || kind === "aiff" || kind === "caf") return pcmLayout(id, kind, beginning, ends.size);
  if (kind === "flac") return flacHeader(id, beginning.subarray(afterId3(beginning)));
  if (kind === "mp3") return mp3Header(id, beginning);
  return oggHeader(id, beginning, ending);
}

export function pcmLayout(id: string, kind: "wav" | "aiff" | "caf", bytes: Uint8Array, size = bytes.length): Pcm {
  const layouts = { wav: wavLayout, aiff: aiffLayout, caf: cafLayout };
  return layouts[kind](id, bytes, size);
}

async function endsOf(path: string, beginningBytes: number): Promise<Ends> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = async (start: number, length: number) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    };
    const beginning = await read(0, Math.min(size, beginningBytes));
    if (size <= beginningBytes) return { beginning, ending: beginning, size };
    return { beginning, ending: await read(Math.max(0, size - endingBytes), endingBytes), size };
  } finally {
    await file.close();
  }
}
