/**
 * Pilots as runs: made with the schedule of a whole budget, trained for some seconds, measured where they stand, gone on with later.
 */
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import {
  beginRun,
  createRandom,
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
import {
  fewLabelProbe,
  type FewLabelOptions,
  denseReader,
  labelFreeDraws,
  type MeasureFeatures,
  type PilotEvidence,
  type PilotOutcome,
  type PilotTask,
  type Preparation,
} from "@autodidact/evaluate";
import { labelled } from "@autodidact/core";
import type { Session } from "../engine-options.js";
import { toldInFlags } from "../option-words.js";
import type { Advisable } from "./advisable.js";
import type { AdviceFolder, MeasuredOn } from "./advice-folder.js";
import type { AdviceSample } from "./advice-sample.js";
import type { PilotTyped } from "./pilot-options.js";
import { trainingWatch } from "./training-watch.js";

/** Examples that pilots are measured on. */
const EXAMPLES = 1000;
/** Of a schedule, however short the budget. */
const FEWEST_STEPS = 20;
/** Steps that tell the machine's speed; the first traces and compiles. */
const TRIAL_STEPS = 4;
/** Of the seconds that a survivor trains, its schedule takes so much: it is to come to its end. */
const SCHEDULED = 0.95;
/** Draws of label-free measures, where they decide. */
const DRAWS = 6;

export interface PilotsOptions {
  readonly modality: Advisable;
  readonly data: string;
  readonly labels: string | undefined;
  readonly typed: ReadonlyMap<string, PilotTyped>;
  readonly seed: number;
  readonly kept: AdviceFolder;
  readonly session: Session;
  /** Seconds of the budget that are left. */
  left(): number;
  /** Label-free measures of features; RankMe and α-ReQ unless told. */
  readonly measure?: MeasureFeatures | undefined;
}

export interface Pilots {
  prepare(preparation: Preparation): Promise<number>;
  pilot(task: PilotTask<PilotEvidence>): Promise<PilotOutcome<PilotEvidence>>;
  /** What pilots are measured on; undefined before the first was prepared. */
  measuredOn(): MeasuredOn | undefined;
}

const now = () => performance.now() / 1000;

export function pilotsOf(options: PilotsOptions): Pilots {
  const { modality, data, labels, typed, seed, kept, session, left, measure } = options;
  const { engine, line, signal } = session;
  const random = createRandom(seed);
  const folderOf = (candidate: string) => join(kept.folder, "pilots", candidate);
  let sample: Promise<AdviceSample> | undefined;
  let measured = kept.sample;
  let secondsToMeasure = 0;
  let isFoundTold = false;

  /** Opened once a process, prepared as for this run. */
  const sampleFor = (settings: RunSettings, method: string) =>
    (sample ??= modality.advice.openSample(settings, {
      ...{ data, labels, most: EXAMPLES, signal, show: line.show, print: line.print },
      typed: { ...typed.get(method)!.pretrain, ...typed.get(method)!.reading },
      random: random.split("sample"),
    }));
  const probing = (): FewLabelOptions => ({ random: random.split("probe"), signal });

  /** The sample and its raw features; of a later process they are known. */
  async function measureRaw(settings: RunSettings, method: string): Promise<void> {
    const opened = await sampleFor(settings, method);
    if (measured !== undefined) return;
    line.show(`${opened.raw}: few-label probe`);
    const began = now();
    const answers = opened.labels ? await fewLabelProbe(await opened.rawReader(), opened.labels, probing()) : null;
    secondsToMeasure = now() - began;
    const { examples, labels: told, raw } = opened;
    measured = { kind: "sample", examples, classes: told ? [...told.names] : null, raw, answers: answers && [...answers] };
    await kept.add(measured);
  }

  async function prepare({ candidate, secondsToTheEnd }: Preparation): Promise<number> {
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
      await measureRaw(settled, candidate);
      const pace = await paceOf(settled, place);
      overhead = pace.secondsToBegin + measured!.examples / pace.samplesPerSecond + secondsToMeasure;
      const perStep = settled.batchSize / pace.samplesPerSecond;
      const steps = Math.max(FEWEST_STEPS, Math.floor((SCHEDULED * secondsToTheEnd(overhead)) / perStep));
      line.print(`${candidate}: ${perStep.toPrecision(2)} s a step; a schedule of ${steps} steps fits`);
      return { ...settled, steps };
    }
    const { run } = await beginRun({ ...plan, settle }, { folder, line, signal });
    await run.close();
    return overhead;
  }

  /** As in the command's quickstart, a few steps that are thrown away. */
  async function paceOf(settings: RunSettings, place: Place) {
    const quiet = { ...place, line: { ...place.line, print: () => {} } };
    const began = now();
    const samplesPerSecond = await measurePace(await modality.learner(settings, quiet), signal, TRIAL_STEPS);
    signal.throwIfAborted();
    const training = (TRIAL_STEPS * settings.batchSize) / samplesPerSecond!;
    return { samplesPerSecond: samplesPerSecond!, secondsToBegin: Math.max(0, now() - began - training) };
  }

  async function pilot(task: PilotTask<PilotEvidence>): Promise<PilotOutcome<PilotEvidence>> {
    const { candidate, rung, rungs, place, of, seconds, trainedBefore, from } = task;
    const folder = folderOf(candidate);
    const settings = modality.parse((await readRun(folder)).config, join(folder, "config.json"));
    const head = () => `rung ${rung} of ${rungs}, ${candidate} (${place} of ${of}), ${duration(left())} left`;
    const own: LiveLine = { ...lineOf(candidate, line), show: (text) => line.show(`${head()}: ${text}`), end: () => {} };
    const trainedSeconds = await trainFor(folder, settings, { seconds, own });
    if (signal.aborted) return { trainedSeconds, evidence: undefined };
    try {
      const began = now();
      const opened = await sampleFor(settings, candidate);
      const randomInit = from === undefined ? await look(folder, "randomInit", opened, own) : undefined;
      const onceSeconds = now() - began;
      const shown = await look(folder, "encoder", opened, own);
      const { state, savedStep } = await runState(folder);
      const evidence: PilotEvidence = {
        steps: state === "done" ? settings.steps : (savedStep ?? 0),
        stepsInAll: settings.steps,
        trainedSeconds: (from?.trainedSeconds ?? 0) + trainedBefore + trainedSeconds,
        ...shown,
        ...(randomInit && { randomInit: { measures: randomInit.measures, probe: randomInit.probe } }),
      };
      return { trainedSeconds, evidence, onceSeconds };
    } catch (error) {
      if (signal.aborted) return { trainedSeconds, evidence: undefined };
      throw error;
    }
  }

  /** Seconds that it trained. */
  async function trainFor(
    folder: string,
    settings: RunSettings,
    { seconds, own }: { seconds: number; own: LiveLine },
  ): Promise<number> {
    if (seconds === 0) return 0;
    const timeIsUp = new AbortController();
    const watch = trainingWatch(seconds, () => timeIsUp.abort());
    let learner: Learner | undefined;
    const makeLearner = async (place: Place) => {
      learner = await modality.learner(settings, place);
      return learner;
    };
    try {
      const ends = AbortSignal.any([signal, timeIsUp.signal]);
      const following = { engine, line: own, signal: ends, saveEvery: settings.steps, onReport: watch.lap };
      await toldInFlags(runPretraining(await openRun(folder), makeLearner, following));
    } finally {
      if (learner !== undefined) releaseVariables(learner);
    }
    return watch.seconds();
  }

  async function look(
    folder: string,
    contender: "encoder" | "randomInit",
    { labels: told, features }: AdviceSample,
    own: LiveLine,
  ): Promise<Pick<PilotEvidence, "featureSize" | "measures" | "probe">> {
    own.show(contender === "encoder" ? "measuring its features" : "measuring its random init");
    const table = await features(folder, contender, signal);
    const draws = told === undefined ? DRAWS : 1;
    const measures = await labelFreeDraws(table, random.split("label-free"), { draws, measure });
    if (told === undefined) return { featureSize: table.size, measures, probe: null };
    const reader = denseReader(labelled(table, told.labels, told.classes));
    return { featureSize: table.size, measures, probe: [...(await fewLabelProbe(reader, told, probing()))] };
  }

  return { prepare, pilot, measuredOn: () => measured };
}

/** What stays to be read says whose it is. */
function lineOf(candidate: string, line: LiveLine): LiveLine {
  return { ...line, print: (text) => line.print(`${candidate}: ${text}`) };
}
