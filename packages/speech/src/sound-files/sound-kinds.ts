/**
 * What kind of sound a file holds, by its first bytes and never by its name.
 */
import { CorruptSampleError } from "@autodidact/core";
import { afterId3 } from "./id3.js";
import { isFrameHeader } from "./mp3-header.js";
import { firstPacket } from "./ogg-pages.js";
import { text } from "./text-at.js";

export type SoundKind = "wav" | "aiff" | "caf" | "flac" | "ogg-flac" | "ogg-vorbis" | "ogg-opus" | "mp3";

/** Bytes of a file's beginning that suffice to tell its kind, unless an ID3 tag stands before the sound. */
export const kindBytes = 4096;

/** Throws `CorruptSampleError` with a reason in words where it is none that is read. `beginning`: the file's first bytes, or all. */
export function soundKind(id: string, beginning: Uint8Array): SoundKind {
  if (beginning.length === 0) throw new CorruptSampleError(id, "the file is empty");
  const start = afterId3(beginning);
  const at = beginning.subarray(start);
  const kind = kindOf(at);
  if (kind !== undefined) return kind;
  if (start > beginning.length) return "mp3"; // a tag larger than what was read; the sound behind it is MP3 nearly always
  throw new CorruptSampleError(id, whatElse(at));
}

function kindOf(at: Uint8Array): SoundKind | undefined {
  const [first, form] = [text(at, 0, 4), text(at, 8, 4)];
  if (["RIFF", "RIFX", "RF64", "BW64"].includes(first) && form === "WAVE") return "wav";
  if (first === "FORM" && (form === "AIFF" || form === "AIFC")) return "aiff";
  if (first === "caff") return "caf";
  if (first === "fLaC") return "flac";
  if (first === "OggS") return oggKind(at);
  return isFrameHeader(at, 0) ? "mp3" : undefined;
}

function oggKind(at: Uint8Array): SoundKind | undefined {
  const packet = firstPacket(at);
  if (text(packet, 0, 7) === "\x01vorbis") return "ogg-vorbis";
  if (text(packet, 0, 8) === "OpusHead") return "ogg-opus";
  return text(packet, 0, 5) === "\x7fFLAC" ? "ogg-flac" : undefined;
}

const read = "WAV, AIFF, CAF, FLAC, OGG (Vorbis, Opus, FLAC) and MP3 are read";

function whatElse(at: Uint8Array): string {
  const [first, form, brand] = [text(at, 0, 4), text(at, 8, 4), text(at, 4, 4)];
  if (first === "RIFF") return `a RIFF file of ${JSON.stringify(form)}, not of WAVE. ${read}`;
  if (first === "OggS") return `an OGG file of another codec than Vorbis, Opus and FLAC. ${read}`;
  if (brand === "ftyp") return `an MP4 or M4A file (AAC). Convert it: ${read}`;
  if (first === "\x1aE\xdf\xa3") return `a Matroska or WebM file. Convert it: ${read}`;
  if (at[0] === 0xff && (at[1]! & 0xf6) === 0xf0) return `an AAC stream. Convert it: ${read}`;
  const seen = at.subarray(0, 64);
  const isText = seen.length > 0 && seen.every((byte) => byte === 9 || byte === 10 || byte === 13 || byte >= 32);
  if (isText) return `text, no sound: it begins with ${JSON.stringify(text(at, 0, 16))}`;
  return `no sound that is known: it begins with the bytes ${Buffer.from(at.subarray(0, 8)).toString("hex")}. ${read}`;
}
