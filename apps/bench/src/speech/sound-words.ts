/**
 * What the package says of how recordings are read, told with the command's options, some of which have other names.
 */
import type { FoundData } from "@autodidact/core";
import { flagOf, inFlags, toldInFlags } from "../option-words.js";

const NAMES = {
  heldOutSpeakers: "holdOutSpeakers",
  labelFrom: "label",
  speakerFrom: "speaker",
  saidIn: "transcript",
};

/** What the package says, told with the command's options. */
export async function soundsInFlags<Value>(work: Promise<Value>): Promise<Value> {
  return toldInFlags(
    work.catch((error: unknown) => {
      if (error instanceof Error) error.message = inSpeechFlags(error.message);
      throw error;
    }),
  );
}

export function inSpeechFlags(message: string): string {
  const asked = message.replaceAll("{ test }", flagOf("holdOut")).replaceAll("{ label }", flagOf("label"));
  return Object.entries(NAMES).reduce((told, [theirs, ours]) => {
    const named = told
      .replaceAll(`{ ${theirs} }`, flagOf(ours))
      .replaceAll(`{ ${theirs}:`, `{ ${ours}:`)
      .replaceAll(`\`${theirs}\``, `\`${ours}\``);
    return named.replaceAll(new RegExp(`\\b${theirs}\\b`, "g"), flagOf(ours));
  }, asked);
}

/** What is remarked of recordings that were found, told with the command's options. */
export function soundsFoundInFlags(found: FoundData): FoundData {
  return { ...found, remarks: found.remarks?.map((remark) => inFlags(inSpeechFlags(remark))) };
}
