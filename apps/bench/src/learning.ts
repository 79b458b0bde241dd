/**
 * A run that learns, to its end or to Ctrl-C, and what is said meanwhile.
 */
import { createRun, type Run, readMetrics, runState } from "@autodidact/core";
import pc from "picocolors";
import type { Session } from "./engine-options.js";
import type { Watched } from "./learner.js";
import type { Modality, Place, Plan, RunSettings } from "./modality.js";
import { endingBy, pretrain } from "./pretraining.js";

/** Prepares what the settings need, in the run's folder, and begins the run; where that fails, nothing of it is left. */
export async function beginRun<Settings extends RunSettings>(
  plan: Plan<Settings>,
  place: Place,
): Promise<{ run: Run; settings: Settings }> {
  const { folder } = place;
  let settings: Settings | undefined;
  const run = await createRun(folder, async () => {
    try {
      settings = await plan.settle(place);
      return { ...(settings as object) };
    } catch (error) {
      await plan.takeBack?.(folder);
      throw error;
    }
  });
  return { run, settings: settings! };
}

export interface Learning {
  readonly modality: Modality;
  readonly run: Run;
  readonly settings: RunSettings;
  /** What goes on with it, word for word. */
  readonly resumeCommand: string;
  /** Where the data is now, if it has moved. */
  readonly dataPath?: string | undefined;
  readonly saveEvery?: number | undefined;
  readonly force?: boolean | undefined;
  /** Takes back what was made for a run that failed before it learned anything; without it, the run stays and tells what failed. */
  readonly takeBack?: (() => Promise<void>) | undefined;
}

/** Leaves nothing of a run that has neither saved nor measured anything: there is nothing to go on from, or to look at. */
async function undoUnlearned(run: Run, takeBack: Learning["takeBack"]): Promise<void> {
  if (takeBack === undefined) return;
  const { savedStep } = await runState(run.folder);
  if (savedStep !== undefined || (await readMetrics(run.folder)).length > 0) return;
  await takeBack();
  await run.takeBack();
}

/** What was seen last; throws where the signal came first, after the run is saved. Closes the run. */
export async function learn(learning: Learning, session: Session): Promise<Watched | undefined> {
  const { modality, run, settings, resumeCommand, dataPath, saveEvery, force, takeBack } = learning;
  const { engine, line, signal } = session;
  try {
    const learner = await modality.learner(settings, { folder: run.folder, line, signal }, dataPath);
    try {
      const { step, isFinished, watched } = await pretrain({ run, learner, engine, saveEvery, force, line, signal });
      line.end();
      if (!isFinished) {
        line.print(`Saved after step ${step} of ${settings.steps}. Go on with:\n  ${pc.bold(resumeCommand)}`);
        signal.throwIfAborted();
      }
      return watched;
    } finally {
      await learner.dispose();
    }
  } catch (error) {
    await run.close(endingBy(error, signal)); // the learner may have failed before it learned
    if (!signal.aborted) await undoUnlearned(run, takeBack).catch(() => {}); // the first error is the one to tell
    throw error;
  } finally {
    line.end();
    await run.close();
  }
}
