/**
 * Everything that `autodidact` can learn from.
 */
import { readRun } from "@autodidact/core";
import { images } from "./images/modality.js";
import type { Modality } from "./modality.js";
import { text } from "./text/modality.js";

export const modalities: readonly Modality[] = [images, text];

/** The modality of a run, by the method in its config.json; Hugging Face's folders hold text models. */
export async function modalityOf(folder: string): Promise<Modality> {
  const { method, model_type: model } = (await readRun(folder)).config;
  if (method === undefined && model !== undefined && model !== "resnet") return text;
  const found = modalities.find(({ methods }) => typeof method === "string" && Object.hasOwn(methods, method));
  if (found !== undefined) return found;
  const known = modalities.flatMap(({ methods }) => Object.keys(methods));
  throw new Error(
    `${folder}/config.json must name a method (${known.join(", ")}), got ${JSON.stringify(method)}. Name the folder of a run.`,
  );
}
