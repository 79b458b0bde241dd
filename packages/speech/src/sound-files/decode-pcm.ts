/**
 * Stored samples to one channel of floats. 16-bit integers, which nearly all are, without a detour; what is no number of the machine's by wavefile.
 */
import { CorruptSampleError } from "@autodidact/core";
import { decodeImaAdpcm } from "./ima-adpcm.js";
import { mixChannels, type Samples } from "./mix-channels.js";
import type { Pcm } from "./pcm.js";

/** Float samples of files that are no recordings, or keep integers as floats, are refused above this. */
const mostAmplitude = 16;

/** The mean of all channels, from −1 to 1 (float files: as they are). `file`: all bytes of it, of which `pcm` tells the layout. */
export async function decodePcm(id: string, file: Uint8Array, pcm: Pcm): Promise<Float32Array> {
  const { encoding, channels, frames, blockBytes, start, bytes } = pcm;
  if (encoding === "ima-adpcm") {
    return mixChannels(decodeImaAdpcm(file.subarray(start, start + bytes), pcm), channels, 1 / 32768);
  }
  const data = file.subarray(start, start + frames * blockBytes);
  const { samples, scale } = asNumbers(data, pcm) ?? (await byWavefile(data, pcm));
  if (encoding === "float") assertRecorded(id, samples);
  return mixChannels(samples, channels, scale);
}

interface Numbers {
  readonly samples: Samples;
  /** What brings them to −1 … 1. */
  readonly scale: number;
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const kinds = new Map([
  ["integer 16", Int16Array],
  ["integer 32", Int32Array],
  ["float 32", Float32Array],
  ["float 64", Float64Array],
] as [string, typeof Int16Array | typeof Int32Array | typeof Float32Array | typeof Float64Array][]);

/** The bytes are the machine's own numbers as they stand, 16-bit integers in nearly all files; undefined where they are not. */
function asNumbers(data: Uint8Array, { encoding, bits, bigEndian }: Pcm): Numbers | undefined {
  const Kind = kinds.get(`${encoding} ${bits}`);
  if (Kind === undefined || bigEndian || !littleEndian) return undefined;
  const { buffer, byteOffset } = data.byteOffset % Kind.BYTES_PER_ELEMENT === 0 ? data : new Uint8Array(data);
  const samples = new Kind(buffer as ArrayBuffer, byteOffset, Math.floor(data.length / Kind.BYTES_PER_ELEMENT));
  return { samples, scale: encoding === "float" ? 1 : 2 ** (1 - bits) };
}

/** wavefile sees a header that was written here, from numbers that were checked. */
async function byWavefile(data: Uint8Array, pcm: Pcm): Promise<Numbers> {
  const { default: wavefile } = await import("wavefile");
  const wav = new wavefile.WaveFile(
    withHeader(pcm.signed8 && pcm.encoding === "integer" && pcm.bits === 8 ? unsigned(data) : data, pcm),
  );
  if (pcm.encoding === "a-law") wav.fromALaw();
  if (pcm.encoding === "mu-law") wav.fromMuLaw();
  const samples = wav.getSamples(true);
  if (pcm.encoding === "float") return { samples, scale: 1 };
  if (pcm.encoding !== "integer") return { samples, scale: 1 / 32768 };
  if (pcm.bits === 8) for (let i = 0; i < samples.length; i++) samples[i]! -= 128;
  return { samples, scale: 2 ** (1 - pcm.bits) };
}

const tags = { integer: 1, float: 3, "a-law": 6, "mu-law": 7, "ima-adpcm": 0x11 };

function withHeader(
  data: Uint8Array,
  { encoding, bits, bigEndian, channels, sampleRate, blockBytes }: Pcm,
): Uint8Array {
  const wav = new Uint8Array(44 + data.length + (data.length % 2));
  const view = new DataView(wav.buffer);
  const letters = (at: number, word: string) => wav.set(Buffer.from(word, "latin1"), at);
  letters(0, bigEndian ? "RIFX" : "RIFF");
  view.setUint32(4, wav.length - 8, !bigEndian);
  letters(8, "WAVEfmt ");
  view.setUint32(16, 16, !bigEndian);
  view.setUint16(20, tags[encoding], !bigEndian);
  view.setUint16(22, channels, !bigEndian);
  view.setUint32(24, sampleRate, !bigEndian);
  view.setUint32(28, sampleRate * blockBytes, !bigEndian);
  view.setUint16(32, blockBytes, !bigEndian);
  view.setUint16(34, bits, !bigEndian);
  letters(36, "data");
  view.setUint32(40, data.length, !bigEndian);
  wav.set(data, 44);
  return wav;
}

function unsigned(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ 0x80);
}

function assertRecorded(id: string, samples: Samples): void {
  const wrong = samples.findIndex((value) => !(Math.abs(value) <= mostAmplitude));
  if (wrong < 0) return;
  throw new CorruptSampleError(
    id,
    `sample ${wrong} of its floats is ${samples[wrong]}; recordings lie from −1 to 1, and up to ${mostAmplitude} are read`,
  );
}
