/**
 * The model that a run on text begins with: new, or another's.
 */
import { join } from "node:path";
import { openCheckpoints, type Random } from "@autodidact/core";
import { loadTextModel, openTextModel, type TokenModel, textModelFromConfig } from "@autodidact/text";
import { exists } from "../free-folder.js";
import type { Place } from "../modality.js";
import { UsageError } from "../usage-error.js";
import { type TextSettings, textMethods } from "./settings.js";

/**
 * A run that goes on has all its weights in its checkpoint and needs the folder of --init no more. Before the first checkpoint the folder
 * must be there as it was: other weights would make another run.
 */
export async function initialModel(
  settings: TextSettings,
  { folder, line }: Pick<Place, "folder" | "line">,
  random: Random,
): Promise<TokenModel> {
  const { init, initWeights, model, method } = settings;
  const { heads } = textMethods[method];
  if (init === null || (await hasCheckpoint(folder))) return textModelFromConfig(model, random, { heads });
  await assertAsItWas(init, initWeights, folder);
  const loaded = await loadTextModel(init, random, { heads });
  const { fresh, unused } = loaded;
  const taken = Object.keys(loaded.model.parameters).length - fresh.length;
  line.print(`--init ${init}: ${taken} tensors taken`);
  if (fresh.length > 0) line.print(`new, for ${init} does not have them: ${fresh.join(", ")}`);
  if (unused.length > 0) line.print(`left, for ${method} has no use for them: ${unused.join(", ")}`);
  return loaded.model;
}

async function hasCheckpoint(folder: string): Promise<boolean> {
  const { checkpoint } = await (await openCheckpoints(join(folder, "checkpoints"))).latest();
  return checkpoint !== undefined;
}

async function assertAsItWas(init: string, weights: string | undefined, folder: string): Promise<void> {
  const anew = `Put it back, or begin anew in another folder: ${folder} has no checkpoint yet.`;
  if (!(await exists(init)))
    throw new UsageError(`the run began with the weights of --init ${init}, which is not there. ${anew}`);
  if (weights === undefined || weights === (await (await openTextModel(init)).fingerprint())) return;
  throw new UsageError(`the run began with the weights of --init ${init}, and other ones are there now. ${anew}`);
}
