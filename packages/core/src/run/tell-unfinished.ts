/**
 * An encoder of a run that has steps to go: said before it is used.
 */
import { grouped } from "../lines/grouped.js";
import type { LiveLine } from "../lines/live-line.js";
import { runState } from "./run-state.js";

/** Says, before the encoder of a run that has steps to go is used, of which step it is. */
export async function tellUnfinished(folder: string, line: LiveLine): Promise<void> {
  const { state, savedStep } = await runState(folder);
  if (state === "done" || savedStep === undefined) return;
  const why = state === "running" ? "is not done yet" : "was not ended";
  line.print(`note: the run ${why}; this is its encoder after step ${grouped(savedStep)}, the last that was saved`);
}
