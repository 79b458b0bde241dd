/**
 * Who speaks in each utterance of a batch, where somebody said so.
 */
import type { Sound } from "./sound.js";

/** `Sound.speaker` of each; `who` is named in errors. */
export function speakerLabels(who: string, sounds: readonly Sound[]): number[] {
  return sounds.map(({ id, speaker }) => {
    if (speaker !== undefined) return speaker;
    throw new Error(
      `${who}: every recording must say who speaks, and ${id} does not. Take recordings whose folders or names tell it, or speakerContrastive, which needs no labels.`,
    );
  });
}
