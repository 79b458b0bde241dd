/**
 * A run that learns, to its end or to Ctrl-C, and what is said meanwhile.
 */
import type { Run } from "@autodidact/core";
import pc from "picocolors";
import type { Session } from "./engine-options.js";
import type { Watched } from "./learner.js";
import type { Modality, RunSettings } from "./modality.js";
import { endingBy, pretrain } from "./pretraining.js";

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
}

/** What was seen last; throws where the signal came first, after the run is saved. Closes the run. */
export async function learn(learning: Learning, session: Session): Promise<Watched | undefined> {
  const { modality, run, settings, resumeCommand, dataPath, saveEvery, force } = learning;
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
    throw error;
  } finally {
    line.end();
    await run.close();
  }
}
