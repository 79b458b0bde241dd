/**
 * Do two recordings have one speaker?
 */
import type { SpeechEncoder } from "../encoders/speech-encoder.js";
import { lookAt, SILENCE } from "../inspect/sound-look.js";
import type { Sound } from "../sound.js";
import { type SpeakerEmbeddingsOptions, speakerEmbeddings } from "./speaker-embeddings.js";

export interface Verdict {
  /** The cosine of both embeddings, from −1 to 1: higher where the voices are more alike. It is no probability. */
  readonly score: number;
  /** Whether the score reaches the threshold. */
  readonly isSame: boolean;
  readonly threshold: number;
}

/**
 * One speaker from a score of `threshold` on. Where it lies is another for each encoder and each kind of recordings: choose it on trials whose
 * answers are known (`thresholdAt` of @autodidact/evaluate), by speakers that the encoder has not learned from. Silence is refused: two
 * silences are alike, and nobody speaks in them. Whether somebody speaks at all, `speechIn` tells.
 */
export async function verify(
  encoder: SpeechEncoder,
  first: Sound,
  second: Sound,
  threshold: number,
  options: SpeakerEmbeddingsOptions = {},
): Promise<Verdict> {
  if (Number.isNaN(threshold)) throw new RangeError("verify: threshold must be a number, got NaN.");
  for (const sound of [first, second]) {
    if (lookAt(sound).peak >= SILENCE) continue;
    throw new RangeError(
      `verify: both recordings must hold a voice, and ${sound.id} is silent: nothing in it lies above −60 dB of full scale. Take another.`,
    );
  }
  const extract = speakerEmbeddings(encoder, { batchSize: 2, ...options });
  try {
    const { values, size } = await extract([first, second]);
    const other = values.subarray(size);
    const score = values.subarray(0, size).reduce((sum, value, i) => sum + value * other[i]!, 0);
    return { score, isSame: score >= threshold, threshold };
  } finally {
    extract.dispose();
  }
}
