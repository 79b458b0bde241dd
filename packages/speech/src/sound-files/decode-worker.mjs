/**
 * What a thread of `decoding-threads.ts` runs: compressed bytes in, one channel of floats out. Plain JavaScript, so that it is the same file
 * in the source and in what is built.
 *
 * @typedef {"flac" | "ogg-flac" | "ogg-vorbis" | "ogg-opus" | "mp3"} CompressedKind
 * @typedef {{ kind: CompressedKind, bytes: Uint8Array, maxSeconds: number }} Asked
 * @typedef {{ samples: Float32Array, sampleRate: number, channels: number }} Decoded
 * @typedef {{ progress: true } | { decoded: Decoded } | { tooLong: number } | { refused: string }} Answer
 * @typedef {{ channelData: Float32Array[], samplesDecoded: number, sampleRate: number, bitDepth?: number, errors: { message: string }[] }} Piece
 * @typedef {{ ready: Promise<void>, decode(bytes: Uint8Array): Piece | Promise<Piece>, flush?(): Promise<Piece>, free(): void }} Decoder
 */
import { parentPort } from "node:worker_threads";

console.error = () => {}; // the decoders print what ails a file; it is in the answer already

/** Bytes that are decoded at once, between two signs of life. */
const sliceBytes = 65_536;

/** A codec's program is loaded when its first file comes. @type {Record<CompressedKind, () => Promise<Decoder>>} */
const decoders = {
  flac: async () => new (await import("@wasm-audio-decoders/flac")).FLACDecoder(),
  "ogg-flac": async () => new (await import("@wasm-audio-decoders/flac")).FLACDecoder(),
  "ogg-vorbis": async () => new (await import("@wasm-audio-decoders/ogg-vorbis")).OggVorbisDecoder(),
  "ogg-opus": async () => new (await import("ogg-opus-decoder")).OggOpusDecoder(),
  mp3: async () => new (await import("mpg123-decoder")).MPEGDecoder(),
};

parentPort?.on("message", async (/** @type {Asked} */ asked) => {
  const answer = await decode(asked).catch((error) => ({ refused: String(error?.message ?? error) }));
  parentPort?.postMessage(
    answer,
    "decoded" in answer ? [/** @type {ArrayBuffer} */ (answer.decoded.samples.buffer)] : [],
  );
});

/** @param {Asked} asked @returns {Promise<Answer>} */
async function decode({ kind, bytes, maxSeconds }) {
  const decoder = await decoders[kind]();
  await decoder.ready;
  try {
    return await allOf(decoder, { kind, bytes, maxSeconds });
  } finally {
    decoder.free();
  }
}

/** @param {Decoder} decoder @param {Asked} asked @returns {Promise<Answer>} */
async function allOf(decoder, { kind, bytes, maxSeconds }) {
  /** @type {Float32Array[]} */
  const mixed = [];
  let [length, sampleRate, channels] = [0, 0, 0];
  for (let start = 0; ; start += sliceBytes) {
    const isOver = start >= bytes.length;
    const piece = isOver ? await decoder.flush?.() : await decoder.decode(bytes.subarray(start, start + sliceBytes));
    if (piece?.errors.length) return { refused: piece.errors[0]?.message ?? "damaged" };
    if (piece && piece.samplesDecoded > 0) {
      if (sampleRate !== 0 && piece.sampleRate !== sampleRate) return { refused: "its rate changes on the way" };
      ({ sampleRate } = piece);
      channels = piece.channelData.length;
      const mono = meanOf(piece.channelData, scaleOf(kind, piece));
      mixed.push(mono);
      length += mono.length;
    }
    if (length > maxSeconds * sampleRate) return { tooLong: length / sampleRate };
    if (isOver) return { decoded: { samples: joined(mixed, length), sampleRate, channels } };
    parentPort?.postMessage({ progress: true });
    await new Promise(setImmediate);
  }
}

/** The FLAC decoder divides by 2ⁿ⁻¹ − 1, all others and every other program by 2ⁿ⁻¹. @param {CompressedKind} kind @param {Piece} piece */
function scaleOf(kind, { bitDepth }) {
  return kind.endsWith("flac") && bitDepth ? 1 - 2 ** (1 - bitDepth) : 1;
}

/** @param {Float32Array[]} channelData @param {number} scale */
function meanOf(channelData, scale) {
  const mean = new Float32Array(channelData[0]?.length ?? 0);
  for (const channel of channelData) for (const [t, value] of channel.entries()) mean[t] = (mean[t] ?? 0) + value;
  const factor = scale / channelData.length;
  return factor === 1 ? mean : mean.map((sum) => sum * factor);
}

/** @param {Float32Array[]} parts @param {number} length */
function joined(parts, length) {
  const whole = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
