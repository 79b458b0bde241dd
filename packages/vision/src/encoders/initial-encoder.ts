/**
 * The encoder that a run begins with: new, or with another's weights.
 */
import { join } from "node:path";
import { type Encoder, exists, latestCheckpoint, type Place, UsageError } from "@autodidact/core";
import { describeTaken, openInitialWeights, takeInitialWeights } from "./initial-weights.js";

export interface InitialEncoder {
  /** The file or folder that the weights are from. */
  readonly path: string;
  /** Their hash, `sha256:…`. */
  readonly weights: string;
}

/**
 * Gives a new encoder the weights that its run began with. A run that goes on has all of them in its checkpoint and needs the file no more;
 * before the first checkpoint it must be there as it was: other weights would make another run.
 */
export async function beginFrom(
  encoder: Encoder,
  { path, weights }: InitialEncoder,
  { folder, line }: { readonly folder: string; readonly line: Pick<Place["line"], "print"> },
): Promise<void> {
  const { checkpoint } = await latestCheckpoint(join(folder, "checkpoints"));
  if (checkpoint !== undefined) return;
  const anew = `Put it back, or begin anew in another folder: ${folder} has no checkpoint yet.`;
  if (!(await exists(path)))
    throw new UsageError(`the run began with the weights of \`init\` ${path}, which is not there. ${anew}`);
  const opened = await openInitialWeights(path);
  if ((await opened.fingerprint()) !== weights)
    throw new UsageError(`the run began with the weights of \`init\` ${path}, and other ones are there now. ${anew}`);
  for (const text of describeTaken(path, await takeInitialWeights(encoder, opened))) line.print(text);
}
