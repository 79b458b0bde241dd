/**
 * What the methods that tell voices apart have in common.
 */
import type { SpeechCard } from "./speech-card.js";

export const VOICES = {
  usual: { encoder: "ecapa-tdnn" },
  families: {
    speaker: "it compares one embedding a recording",
    ast: "it compares one embedding a recording",
    "frame-transformer": "it compares one embedding a recording",
    wav2vec2: "it compares one embedding a recording",
  },
  isAugmented: true,
} as const satisfies Pick<SpeechCard, "usual" | "families" | "isAugmented">;

export function refuseWithoutSpeakers(method: string, speakers: number): string | undefined {
  if (speakers >= 2) return undefined;
  const got = speakers === 0 ? "nothing tells who speaks in every recording" : "there is one speaker alone";
  return `${method} is told who speaks, and ${got}. Say what tells it: { speaker: "folder" }, or \`pattern\` with {speaker}; or take speaker-contrastive, which needs no labels.`;
}
