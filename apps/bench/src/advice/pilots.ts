/**
 * Pilots as runs: made with the schedule of a whole budget, trained for some seconds, measured where they stand, gone on with later.
 *
 * The schedule is the one that a survivor of all rungs comes to the end of, so that the last comparison is of encoders whose learning rate has fallen;
 * whoever is left behind was compared at a high one, as all of its rung were.
 */
import { join } from "node:path";
import {
  beginRun,
  counted,
  describeFoundData,
  duration,
  exists,
  type Learner,
  type LiveLine,
  measurePace,
  openRun,
  type Place,
  readRun,
  releaseVariables,
  runPretraining,
  runState,
} from "@autodidact/core";
import type { RunSettings } from "@autodidact/core/cards";
import type { PilotEvidence, PilotOutcome, PilotTask, Preparation } from "@autodidact/evaluate";
import { toldInFlags } from "../option-words.js";
import { type MeasuresOptions, type PilotMeasures, pilotMeasures } from "./pilot-measures.js";
import { trainingWatch } from "./training-watch.js";

/** Of a schedule, however short the budget. */
const FEWEST_STEPS = 20;
/** Steps that tell the machine's speed; the first traces and compiles. */
const TRIAL_STEPS = 4;
/** Of the seconds that a survivor trains, its schedule takes so much: it is to come to its end. */
const SCHEDULED = 0.95;

export interface PilotsOptions extends MeasuresOptions {
  /** Seconds of the budget that are left. */
  left(): number;
}

export interface Pilots extends Pick<PilotMeasures, "measuredOn"> {
  prepare(preparation: Preparation): Promise<number>;
  pilot(task: PilotTask<PilotEvidence>): Promise<PilotOutcome<PilotEvidence>>;
}

const now = () => performance.now() / 1000;

export function pilotsOf(options: PilotsOptions): Pilots {
  const { modality, kept, session, left } = options;
  const measures = pilotMeasures(options);
  const folderOf = (candidate: string) => join(kept.folder, "pilots", candidate);

  async function pilot(task: PilotTask<PilotEvidence>): Promise<PilotOutcome<PilotEvidence>> {
    const { candidate, rung, rungs, place, of, seconds, trainedBefore, from } = task;
    const { signal, line: shared } = session;
    if (from !== undefined && from.steps === from.stepsInAll) return { trainedSeconds: 0, evidence: from }; // all steps are made
    const folder = folderOf(candidate);
    const settings = modality.parse((await readRun(folder)).config, join(folder, "config.json"));
    const head = () => `rung ${rung} of ${rungs}, ${candidate} (${place} of ${of}), ${duration(left())} left`;
    const line = { ...lineOf(candidate, shared), show: (text: string) => shared.show(`${head()}: ${text}`) };
    if (place === 1)
      shared.print(
        `rung ${rung} of ${rungs}: ${counted(of, "methods")}, ${(trainedBefore + seconds).toFixed(1)} s of training each`,
      );
    line.show("preparing");
    const trainedSeconds = seconds === 0 ? 0 : await trainFor(seconds, { folder, settings, line, options });
    if (signal.aborted) return { trainedSeconds, evidence: undefined };
    try {
      const began = now();
      const sample = await measures.open(settings, candidate);
      const before = from === undefined ? await measures.look(folder, "randomInit", sample, line) : undefined;
      const onceSeconds = now() - began;
      const shown = await measures.look(folder, "encoder", sample, line);
      const evidence: PilotEvidence = {
        steps: await stepsOf(folder, settings),
        stepsInAll: settings.steps,
        trainedSeconds: (from?.trainedSeconds ?? 0) + trainedBefore + trainedSeconds,
        ...shown,
        ...(before && { randomInit: { measures: before.measures, probe: before.probe } }),
      };
      return { trainedSeconds, evidence, onceSeconds };
    } catch (error) {
      if (signal.aborted) return { trainedSeconds, evidence: undefined };
      throw error;
    }
  }

  return { measuredOn: measures.measuredOn, prepare: preparing(options, measures, folderOf), pilot };
}

/** Makes the runs, with as many steps as a survivor has seconds for; gives what a pilot takes beside its training. */
function preparing(options: PilotsOptions, measures: PilotMeasures, folderOf: (candidate: string) => string) {
  const { modality, data, typed, seed, session } = options;
  const { line, signal } = session;
  let isFoundTold = false;

  return async ({ candidate, secondsToTheEnd }: Preparation): Promise<number> => {
    const folder = folderOf(candidate);
    if (await exists(join(folder, "config.json"))) return 0; // a killed process made it; its first pilot tells what it takes
    line.show(`preparing ${candidate}`);
    const plan = await modality.plan(candidate, data, { ...typed.get(candidate)!.pretrain, seed, steps: 1 });
    if (!isFoundTold && plan.found !== undefined)
      for (const text of describeFoundData(plan.found, modality.noun ?? modality.data)) line.print(text);
    isFoundTold = true;
    let overhead = 0;
    async function settle(place: Place): Promise<RunSettings> {
      const settled = await plan.settle({ ...place, line: lineOf(candidate, line) });
      await measures.measureRaw(settled, candidate);
      const { samplesPerSecond, secondsToBegin } = await paceOf(settled, place, options);
      overhead = secondsToBegin + measures.secondsToLook(samplesPerSecond);
      const perStep = settled.batchSize / samplesPerSecond;
      const fitting = Math.max(FEWEST_STEPS, Math.floor((SCHEDULED * secondsToTheEnd(overhead)) / perStep));
      const steps = Math.min(fitting, Number(typed.get(candidate)!.pretrain.steps ?? fitting));
      line.print(`${candidate}: ${perStep.toPrecision(2)} s a step, a schedule of ${steps} steps`);
      return { ...settled, steps };
    }
    const { run } = await beginRun({ ...plan, settle }, { folder, line, signal });
    await run.close();
    return overhead;
  };
}

/** From a few steps that are thrown away. */
async function paceOf(settings: RunSettings, place: Place, { modality }: PilotsOptions) {
  const quiet = { ...place, line: { ...place.line, print: () => {} } };
  const began = now();
  const samplesPerSecond = await measurePace(await modality.learner(settings, quiet), place.signal, TRIAL_STEPS);
  place.signal.throwIfAborted();
  const training = (TRIAL_STEPS * settings.batchSize) / samplesPerSecond!;
  return { samplesPerSecond: samplesPerSecond!, secondsToBegin: Math.max(0, now() - began - training) };
}

interface Trained {
  readonly folder: string;
  readonly settings: RunSettings;
  readonly line: LiveLine;
  readonly options: PilotsOptions;
}

/** Goes on with the run, and saves it; gives the seconds that it trained. */
async function trainFor(seconds: number, { folder, settings, line, options }: Trained): Promise<number> {
  const { modality, session } = options;
  const timeIsUp = new AbortController();
  const watch = trainingWatch(seconds, () => timeIsUp.abort());
  let learner: Learner | undefined;
  const makeLearner = async (place: Place) => {
    learner = await modality.learner(settings, place);
    return learner;
  };
  const signal = AbortSignal.any([session.signal, timeIsUp.signal]);
  const following = { engine: session.engine, line, signal, saveEvery: settings.steps, onReport: watch.lap };
  try {
    await toldInFlags(runPretraining(await openRun(folder), makeLearner, following));
  } finally {
    if (learner !== undefined) releaseVariables(learner);
  }
  return watch.seconds();
}

async function stepsOf(folder: string, { steps }: RunSettings): Promise<number> {
  const { state, savedStep } = await runState(folder);
  return state === "done" ? steps : (savedStep ?? 0);
}

/** What stays to be read says whose it is. */
function lineOf(candidate: string, line: LiveLine): LiveLine {
  return { show: line.show, print: (text) => line.print(`${candidate}: ${text}`), end: () => {} };
}
