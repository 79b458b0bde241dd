/**
 * What a run writes into its folder, and what may be there when it begins.
 */
import { readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isLock } from "../checkpoint/run-lock.js";
import { UsageError } from "../usage-error.js";

const RUN_FILES =
  /^(config\.json|SHA256SUMS|metrics\.jsonl|events\.out\.tfevents\..*|results\.jsonl|ended\.json|preprocessor_config\.json|data-contents\.json)$/;
const RUN_FOLDERS = /^(checkpoints|pictures|encoder)$/;

/** Nothing of an earlier run may outlive the beginning of a new one, and nothing of a user's may end up in a run. */
export async function assertUnused(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !isLock(name));
  if (names.length === 0) return;
  if (names.includes("config.json"))
    throw new UsageError(
      `createRun: ${folder} must not hold a run yet, and it does. Resume it, or choose another folder.`,
    );
  const shown = names.sort().slice(0, 5).join(", ");
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  throw new UsageError(
    names.every((name) => RUN_FILES.test(name) || RUN_FOLDERS.test(name))
      ? `createRun: ${folder} must not hold a run yet, and it holds ${shown}${more} of one without its config.json. Remove them, or choose another folder.`
      : `createRun: ${folder} must be new or empty, and it holds ${shown}${more}. Choose another folder.`,
  );
}

/** Takes away what a run wrote that never came to be, and its folder where that is empty then. All else stays. */
export async function takeBack(folder: string, made: string | undefined): Promise<void> {
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const name of names) {
    if (RUN_FILES.test(name)) await rm(join(folder, name), { force: true });
    else if (RUN_FOLDERS.test(name)) await removeIfEmpty(join(folder, name));
  }
  await removeMade(folder, made);
}

/** Removes the folders that `mkdir` made on the way to this one, as far as they are empty. `made`: the first of them, as it told. */
export async function removeMade(folder: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  for (let path = folder; ; path = dirname(path)) {
    if (!(await removeIfEmpty(path)) || path === made || path === dirname(path)) return;
  }
}

async function removeIfEmpty(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}
