/**
 * What is fine-tuned, and beside it: the same architecture that has learned nothing before.
 */
import type { Random } from "@autodidact/core";
import { type TextModel, type TokenModel, textModelFromConfig } from "@autodidact/text";
import { openTrainedText } from "./trained-text.js";

export const CONTENDERS = ["pretrained", "from scratch"] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** A model of its own each time: fine-tuning moves it. */
export async function contenderModel(folder: string, name: ContenderName, random: Random): Promise<TokenModel> {
  const { model } = await openTrainedText(folder);
  if (name === "pretrained") return model;
  const scratch = textModelFromConfig(model.config, random.split("model"), { heads: "tokens" });
  disposeModels(model);
  return scratch;
}

/** Models may share variables. */
export function disposeModels(...models: readonly TextModel[]): void {
  const variables = models.flatMap(({ parameters, buffers }) => Object.values({ ...parameters, ...buffers }));
  for (const variable of new Set(variables)) variable.dispose();
}
