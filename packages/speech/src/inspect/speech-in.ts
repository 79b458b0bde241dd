/**
 * Whether somebody speaks in a recording: of silence and of noise an encoder has an embedding too, and it means nothing.
 */
import type { Sound } from "../sound.js";
import { trimSilence } from "../trim-silence.js";
import { lookAt, SILENCE } from "./sound-look.js";

/**
 * `silence` where the loudest sample lies below −60 dB of full scale, `no speech` where WebRTC's voice detector hears none for 90 ms: it may
 * be wrong of whispers, and takes music and tones for voices.
 */
export async function speechIn(sound: Sound): Promise<"speech" | "no speech" | "silence"> {
  if (lookAt(sound).peak < SILENCE) return "silence";
  const { hasSpeech } = await trimSilence(sound);
  return hasSpeech ? "speech" : "no speech";
}
