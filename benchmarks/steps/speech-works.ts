/**
 * What `npm run bench -- speech` measures, and what the product promises of it.
 */
import { type Size, type Work, YARDSTICK } from "./works.js";

/** frameTransformerSmall's: about 5 million weights. */
const SMALL = { width: 256, layers: 6, heads: 8, recordings: 16, seconds: 2 };

const speech = (
  name: Work["program"],
  atLeast: number,
  work: { title: string; size: Size; peers: string[]; tolerance: number },
): Work => ({
  name,
  program: name,
  ...work,
  slow: {},
  bars: [{ contender: "autodidact speech", against: "pytorch", atLeast }],
});

export const SPEECH_WORKS: readonly Work[] = [
  YARDSTICK,
  speech("masked-frames", 1.2, {
    title: "masked frames (TERA), 6 layers of width 256, 16 recordings of 2 s: log-mel, forward, backward, AdamW",
    size: SMALL,
    peers: ["eager", "compile"],
    tolerance: 1e-4,
  }),
  speech("best-rq", 1.2, {
    title: "BEST-RQ, the same encoder and recordings, 8,192 codes: log-mel, forward, backward, AdamW",
    size: { ...SMALL, entries: 8192 },
    peers: ["eager", "compile"],
    tolerance: 1e-3,
  }),
  speech("ecapa", 1.1, {
    title: "two crops of a speaker, ECAPA-TDNN of 512 channels, 32 × 2 crops of 2 s: log-mel, forward, backward, AdamW",
    size: { channels: 512, recordings: 32, seconds: 2, crops: 2 },
    peers: ["eager", "channels_last", "compile"],
    tolerance: 1e-3,
  }),
  speech("log-mel-torchaudio", 1, {
    title: "128 log-mel bands as torchaudio.transforms has them, 16 recordings of 10 s: forward alone",
    size: { recordings: 16, seconds: 10 },
    peers: ["torchaudio", "eager"],
    tolerance: 1e-4,
  }),
  speech("log-mel-kaldi", 1, {
    title: "80 log-mel bands as Kaldi has them, 16 recordings of 10 s: forward alone",
    size: { recordings: 16, seconds: 10 },
    peers: ["torchaudio", "eager"],
    tolerance: 1e-4,
  }),
];
