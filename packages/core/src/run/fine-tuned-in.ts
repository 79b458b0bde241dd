/**
 * Where fine-tuning left a model.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../checkpoint/free-folder.js";
import { UsageError } from "../usage-error.js";
import { readRun } from "./run.js";

/** The folder itself, or the only `finetuned-…` inside the run; `how` is what else fine-tuning must be told. */
export async function fineTunedIn(folder: string, how = ""): Promise<string> {
  const { config } = await readRun(folder);
  if (config.model_type !== undefined) return folder;
  const names = (await readdir(folder)).filter((name) => name.startsWith("finetuned-")).sort();
  const found: string[] = [];
  for (const name of names) if (await exists(join(folder, name, "config.json"))) found.push(join(folder, name));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new UsageError(
    only === undefined
      ? `${folder} was not fine-tuned yet: autodidact finetune ${folder} --data LABELLED${how && ` ${how}`}`
      : `${folder} was fine-tuned ${found.length} times. Name one: ${found.join(", ")}.`,
  );
}
