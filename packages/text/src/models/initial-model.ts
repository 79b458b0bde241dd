/**
 * The model that a run on text begins with: new, or another's.
 */
import { join } from "node:path";
import { exists, openCheckpoints, type Place, type Random, UsageError } from "@autodidact/core";
import { loadTextModel, openTextModel } from "./text-model-files.js";
import { type TextModelOptions, textModelFromConfig } from "./text-model-from-config.js";
import type { TokenModel } from "./token-model.js";

export interface Beginning extends TextModelOptions {
  /** The method's name. */
  readonly method: string;
  /** Hugging Face's config.json of the model. */
  readonly model: Readonly<Record<string, unknown>>;
  /** The Hugging Face folder whose weights the run begins with; null: new ones. */
  readonly init: string | null;
  /** The hash of those weights, `sha256:…`. */
  readonly initWeights?: string | undefined;
}

/**
 * A run that goes on has all its weights in its checkpoint and needs the folder of `init` no more. Before the first checkpoint the folder
 * must be there as it was: other weights would make another run.
 */
export async function initialModel(
  { method, model, init, initWeights, heads }: Beginning,
  { folder, line }: Pick<Place, "folder" | "line">,
  random: Random,
): Promise<TokenModel> {
  if (init === null || (await hasCheckpoint(folder))) return textModelFromConfig(model as never, random, { heads });
  await assertAsItWas(init, initWeights, folder);
  const loaded = await loadTextModel(init, random, { heads });
  const { fresh, unused } = loaded;
  const taken = Object.keys(loaded.model.parameters).length - fresh.length;
  line.print(`\`init\` ${init}: ${taken} tensors taken`);
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
    throw new UsageError(`the run began with the weights of \`init\` ${init}, which is not there. ${anew}`);
  if (weights === undefined || weights === (await (await openTextModel(init)).fingerprint())) return;
  throw new UsageError(`the run began with the weights of \`init\` ${init}, and other ones are there now. ${anew}`);
}
