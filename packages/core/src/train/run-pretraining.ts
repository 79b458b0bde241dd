/**
 * A run that learns, from the making of its folder to its end or to a signal; what came to nothing leaves nothing.
 */
import type { EngineDescription } from "../engine/engine.js";
import type { LiveLine } from "../lines/live-line.js";
import { readMetrics } from "../run/read-metrics.js";
import { createRun, type Run } from "../run/run.js";
import { runState } from "../run/run-state.js";
import type { Learner } from "./learner.js";
import { endingBy, type PretrainingEnd, type PretrainingOptions, pretrain } from "./pretrain.js";

/** Where a run is being prepared or continued. */
export interface Place {
  /** The run's folder, which exists. */
  readonly folder: string;
  readonly line: LiveLine;
  readonly signal: AbortSignal;
}

export interface RunPlan<Settings extends object> {
  /** Makes what the settings need first (a tokenizer, its tokens), and settles them: the run's config.json. */
  settle(place: Place): Promise<Settings>;
  /** Removes from a run's folder what `settle` made: the run did not come to be. */
  takeBack?(folder: string): Promise<void>;
}

/** Prepares what the settings need, in the run's folder, and begins the run; where that fails, nothing of it is left. */
export async function beginRun<Settings extends object>(
  plan: RunPlan<Settings>,
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

export interface RunPretrainingOptions extends Omit<Place, "folder">, Pick<PretrainingOptions, "onReport"> {
  readonly engine: EngineDescription;
  readonly saveEvery?: number | undefined;
  /** Resumes in spite of other data, another engine or another version. */
  readonly force?: boolean | undefined;
  /** Takes back what was made for a run that failed before it learned anything; without it, the run stays and tells what failed. */
  readonly takeBack?: (() => Promise<void>) | undefined;
}

/** Makes the learner, lets it learn and disposes of it; closes the run. */
export async function runPretraining(
  run: Run,
  makeLearner: (place: Place) => Promise<Learner>,
  { engine, line, signal, saveEvery, force, takeBack, onReport }: RunPretrainingOptions,
): Promise<PretrainingEnd> {
  try {
    const learner = await makeLearner({ folder: run.folder, line, signal });
    try {
      return await pretrain({ run, learner, engine, saveEvery, force, line, signal, onReport });
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

/** Leaves nothing of a run that has neither saved nor measured anything: there is nothing to go on from, or to look at. */
async function undoUnlearned(run: Run, takeBack: RunPretrainingOptions["takeBack"]): Promise<void> {
  if (takeBack === undefined) return;
  const { savedStep } = await runState(run.folder);
  if (savedStep !== undefined || (await readMetrics(run.folder)).length > 0) return;
  await takeBack();
  await run.takeBack();
}
