/**
 * Whether somebody speaks in a recording: of silence and of noise an encoder has an embedding too, and it means nothing.
 */
import type { Sound } from "../sound.js";
import { trimSilence } from "../trim-silence.js";
import { lookAt, SILENCE } from "./sound-look.js";

/**
 * `silence` where the loudest sample lies below −60 dB of full scale, `no speech` where WebRTC's voice detector hears none for 90 ms: it may
 * be wrong of whispers, and takes music, tones and loud noise for voices. To it all noise is voice for its first tenth of a second: it hears the
 * recording twice, and what it says of the second time counts.
 */
export async function speechIn(sound: Sound): Promise<"speech" | "no speech" | "silence"> {
  if (lookAt(sound).peak < SILENCE) return "silence";
  const { samples, sampleRate } = sound;
  const twice = new Float32Array(2 * samples.length);
  twice.set(samples);
  twice.set(samples, samples.length);
  const { hasSpeech, after } = await trimSilence({ ...sound, samples: twice }, { marginMs: 0 });
  return hasSpeech && after < samples.length / sampleRate ? "speech" : "no speech";
}
