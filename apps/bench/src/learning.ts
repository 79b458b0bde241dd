/**
 * A run that learns, to its end or to Ctrl-C, and what is said at its end.
 */
import { type Place, type Run, runPretraining, type Watched } from "@autodidact/core";
import type { RunSettings } from "@autodidact/core/cards";
import pc from "picocolors";
import type { Session } from "./engine-options.js";
import type { Modality } from "./modality.js";

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
  readonly takeBack?: (() => Promise<void>) | undefined;
}

/** What was seen last; throws where the signal came first, after the run is saved. Closes the run. */
export async function learn(learning: Learning, session: Session): Promise<Watched | undefined> {
  const { modality, run, settings, resumeCommand, dataPath, ...options } = learning;
  const { line, signal } = session;
  const makeLearner = (place: Place) => modality.learner(settings, place, dataPath);
  const { step, isFinished, watched } = await runPretraining(run, makeLearner, { ...session, ...options });
  if (isFinished) return watched;
  line.print(`Saved after step ${step} of ${settings.steps}. Go on with:\n  ${pc.bold(resumeCommand)}`);
  signal.throwIfAborted();
}
