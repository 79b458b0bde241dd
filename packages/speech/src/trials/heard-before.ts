/**
 * Whether an encoder has heard in training those whom it is asked about: it says little of strangers then.
 */
import { resolve } from "node:path";
import type { RunConfig } from "@autodidact/core";

/** A sentence that says so; undefined where the recordings are others', or the speakers were held out of training. */
export function heardBefore(
  config: RunConfig | undefined,
  path: string,
  { heldOutSpeakers: asked = [] }: { readonly heldOutSpeakers?: readonly string[] | undefined } = {},
): string | undefined {
  const data = config?.data as { path: string; reading?: { heldOutSpeakers?: readonly string[] } } | undefined;
  if (data === undefined || resolve(data.path) !== resolve(path)) return undefined;
  const unheard = data.reading?.heldOutSpeakers ?? [];
  if (asked.length > 0 && asked.every((name) => unheard.includes(name))) return undefined;
  return `the run learned from these recordings, ${unheard.length === 0 ? "all of them" : `but for ${unheard.join(", ")}`}: the rates hold for speakers that it has heard. Give it others, or pretrain with \`heldOutSpeakers\` and evaluate with the same.`;
}
