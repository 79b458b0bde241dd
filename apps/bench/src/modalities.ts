/**
 * Everything that `autodidact` can learn from.
 */
import { readRun } from "@autodidact/core";
import { images } from "./images/modality.js";
import type { Modality } from "./modality.js";

export const modalities: readonly Modality[] = [images];

/** The modality of a run, by the method in its config.json. */
export async function modalityOf(folder: string): Promise<Modality> {
  const { method } = (await readRun(folder)).config;
  const found = modalities.find(({ methods }) => typeof method === "string" && Object.hasOwn(methods, method));
  if (found !== undefined) return found;
  const known = modalities.flatMap(({ methods }) => Object.keys(methods));
  throw new Error(
    `${folder}/config.json must name a method (${known.join(", ")}), got ${JSON.stringify(method)}. Name the folder of a run.`,
  );
}
