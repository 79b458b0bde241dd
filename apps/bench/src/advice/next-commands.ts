/**
 * What to run after advice, word for word: the first for long, those that it is not told from, and what they are worth then.
 */
import { basename, join, resolve } from "node:path";
import { freeFolder } from "@autodidact/core";
import type { AdviceTold } from "@autodidact/evaluate";
import { commandLine } from "../resume-command.js";
import type { AdvisedChoice } from "./advisable.js";
import { wordsOf } from "./pilot-options.js";

/** Of those that may be the best, so many are named. */
const NAMED = 3;

interface Told {
  readonly data: string;
  readonly labels: string | undefined;
  readonly hasLabels: boolean;
}

/** Runs' folders that are free now. */
export async function nextCommands(
  { typed }: AdvisedChoice,
  { data, labels, hasLabels }: Told,
): Promise<AdviceTold["next"]> {
  const folders = new Map<string, string>();
  for (const method of typed.keys())
    folders.set(method, await freeFolder(join("runs", `${method}-${basename(resolve(data))}`)));
  const asked = hasLabels ? (labels ?? data) : "LABELLED";
  const pretrain = (method: string) =>
    commandLine([
      ...["npx", "autodidact", "pretrain", method, "--data", data, "--out", folders.get(method)!],
      ...wordsOf(typed.get(method)!.pretrain),
    ]);
  const evaluate = (method: string) =>
    commandLine([
      ...["npx", "autodidact", "evaluate", folders.get(method)!, "--data", asked, "--protocol", "linear"],
      ...wordsOf(typed.get(method)!.reading),
    ]);
  return (ranked) => {
    const [first, ...others] = ranked;
    if (first === undefined) return [];
    const tied = others.filter(({ isTiedWithFirst }) => isTiedWithFirst).slice(0, NAMED - 1);
    return [
      { why: "Train it for long:", command: pretrain(first.candidate) },
      ...tied.map(({ candidate }) => ({
        why: "Beside it, for it may be the better one:",
        command: pretrain(candidate),
      })),
      {
        why: hasLabels ? "What is it worth then?" : "What is it worth then, on data with classes (LABELLED)?",
        command: evaluate(first.candidate),
      },
    ];
  };
}
