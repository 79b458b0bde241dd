/**
 * Samples as files without compression keep them: what a WAV, AIFF or CAF header says, once it has been checked.
 */
export interface Pcm {
  readonly encoding: "integer" | "float" | "a-law" | "mu-law" | "ima-adpcm";
  /** Of one sample as it is stored; whole bytes, but 4 of ADPCM. 8-bit integers are unsigned where `signed8` is not set. */
  readonly bits: 4 | 8 | 16 | 24 | 32 | 64;
  readonly signed8?: boolean;
  readonly bigEndian: boolean;
  readonly channels: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Samples of each channel. */
  readonly frames: number;
  /** Bytes of a block: a sample of each channel, or a block of ADPCM. */
  readonly blockBytes: number;
  /** Where the samples begin in the file, and how many bytes they take. */
  readonly start: number;
  readonly bytes: number;
}
