/**
 * What is said in recordings, with the time of each word.
 */
import type { CtcModel } from "../finetuning/ctc-model.js";
import { assertAudible } from "../finetuning/utterance-lengths.js";
import type { Sound } from "../sound.js";
import { alignLabels } from "./align-labels.js";
import { type FrameLogarithms, listener } from "./frame-logarithms.js";
import { greedyLabels, prefixBeamSearch } from "./prefix-beam-search.js";
import { type TranscribedWord, wordsInTime } from "./words-in-time.js";

export interface TranscribeOptions {
  /** Prefixes that a beam search keeps; without it the best path is read greedily. */
  readonly beam?: number | undefined;
  /** Longer recordings are cut into windows: the longest that the model has learned from, else 20 s, unless told. */
  readonly windowSeconds?: number | undefined;
  /** What neighbouring windows share; a fifth of a window unless told. */
  readonly overlapSeconds?: number | undefined;
  /** Recordings, or windows of one, that are computed together; 16 unless told. */
  readonly batchSize?: number | undefined;
}

export interface Transcript {
  readonly text: string;
  readonly words: readonly TranscribedWord[];
}

export interface Transcriber {
  /** A transcript for each recording, in order, by the model's weights as they are now. */
  transcribe(sounds: readonly Sound[]): Promise<Transcript[]>;
  /** Releases what was compiled. */
  dispose(): void;
}

/** One recording of any length. Many are faster together: `transcriber`. */
export async function transcribe(model: CtcModel, sound: Sound, options: TranscribeOptions = {}): Promise<Transcript> {
  const own = transcriber(model, options);
  try {
    const [transcript] = await own.transcribe([sound]);
    return transcript!;
  } finally {
    own.dispose();
  }
}

export function transcriber(model: CtcModel, options: TranscribeOptions = {}): Transcriber {
  const { encoder, vocabulary, longestSeconds = 20 } = model;
  const { beam, windowSeconds = longestSeconds, overlapSeconds = windowSeconds / 5, batchSize = 16 } = options;
  const { sampleRate } = encoder;
  const { stride, hear, dispose } = listener(model, { windowSeconds, overlapSeconds, batchSize });

  function transcriptOf(given: FrameLogarithms, { samples }: Sound): Transcript {
    const { labels } = beam === undefined ? greedyLabels(given) : prefixBeamSearch(given, beam)[0]!;
    const times = { secondsPerFrame: stride / sampleRate, seconds: samples.length / sampleRate };
    const words = wordsInTime(labels, alignLabels(given, labels), { vocabulary, ...times });
    return { text: vocabulary.decode(labels), words };
  }

  return {
    async transcribe(sounds) {
      for (const sound of sounds) assertAudible("transcribe", sound, sampleRate);
      const found = await hear(sounds.map(({ samples }) => samples));
      return sounds.map((sound, n) => transcriptOf(found[n]!, sound));
    },
    dispose,
  };
}
