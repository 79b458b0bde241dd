/**
 * The smallest encoder of who speaks that has all that methods meet in one.
 */
import type { Random } from "@autodidact/core";
import { ecapaTdnn } from "../encoders/ecapa-tdnn.js";
import type { SpeechEncoder } from "../encoders/speech-encoder.js";
import { encoderFrontEnd } from "../features/log-mel.js";

export function smallSpeakerEncoder(random: Random): SpeechEncoder {
  const frontEnd = encoderFrontEnd({ sampleRate: 8000, bands: 10 });
  return ecapaTdnn({ frontEnd, channels: 8, scale: 2, bottleneck: 4, embeddingSize: 8, random });
}
