/**
 * IMA ADPCM as WAV keeps it: 4 bits a sample tell the difference to the last, in steps that grow and shrink.
 *
 * Recommended Practices for Enhancing Digital Audio Compatibility in Multimedia Systems 3.0, IMA 1992, section 6. (The decoder of wavefile
 * gives the first sample of each block twice and leaves the last block out.)
 */
import type { Pcm } from "./pcm.js";

const indexSteps = [-1, -1, -1, -1, 2, 4, 6, 8];
const stepSizes = Int16Array.of(
  ...[7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107],
  ...[118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876],
  ...[963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358],
  ...[5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086],
  ...[29794, 32767],
);

/** 16-bit samples, channels interleaved. */
export function decodeImaAdpcm(data: Uint8Array, { channels, blockBytes, frames }: Pcm): Int16Array {
  const samples = new Int16Array(frames * channels);
  const samplesPerBlock = 1 + 2 * (blockBytes / channels - 4);
  for (let block = 0; block * samplesPerBlock < frames; block++) {
    const bytes = data.subarray(block * blockBytes, (block + 1) * blockBytes);
    for (let channel = 0; channel < channels; channel++) {
      decodeBlock(bytes, { channel, channels, samples, firstFrame: block * samplesPerBlock, frames });
    }
  }
  return samples;
}

interface Place {
  readonly channel: number;
  readonly channels: number;
  readonly samples: Int16Array;
  readonly firstFrame: number;
  readonly frames: number;
}

function decodeBlock(bytes: Uint8Array, { channel, channels, samples, firstFrame, frames }: Place): void {
  const head = 4 * channel; // each channel: its first sample, its step's index, 0
  let predicted = ((bytes[head]! | (bytes[head + 1]! << 8)) << 16) >> 16;
  let index = Math.min(88, bytes[head + 2]!);
  let frame = firstFrame;
  const put = () => {
    if (frame < frames) samples[frame * channels + channel] = predicted;
    frame += 1;
  };
  const follow = (nibble: number) => {
    const step = stepSizes[index]!;
    let difference = step >> 3;
    if (nibble & 4) difference += step;
    if (nibble & 2) difference += step >> 1;
    if (nibble & 1) difference += step >> 2;
    predicted = Math.max(-32768, Math.min(32767, predicted + (nibble & 8 ? -difference : difference)));
    index = Math.max(0, Math.min(88, index + indexSteps[nibble & 7]!));
    put();
  };
  put();
  for (let word = 4 * (channels + channel); word < bytes.length; word += 4 * channels) {
    for (let at = word; at < word + 4; at++) {
      follow(bytes[at]! & 15);
      follow(bytes[at]! >> 4);
    }
  }
}
