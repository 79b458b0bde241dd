/**
 * What pilots show: label-free measures and a few-label probe of their features of the same examples, beside the raw features.
 */
import { createRandom, type LiveLine, labelled } from "@autodidact/core";
import type { RunSettings } from "@autodidact/core/cards";
import {
  denseReader,
  fewLabelProbe,
  labelFreeDraws,
  type MeasureFeatures,
  type PilotEvidence,
} from "@autodidact/evaluate";
import type { Session } from "../engine-options.js";
import type { AdviceFolder, MeasuredOn } from "./advice-folder.js";
import type { AdviceSample } from "./advice-sample.js";
import type { Advisable } from "./advisable.js";
import type { PilotTyped } from "./pilot-options.js";

/** Examples that pilots are measured on. */
const EXAMPLES = 1000;
/** Draws of label-free measures, where they decide. */
const DRAWS = 6;

export interface MeasuresOptions {
  readonly modality: Advisable;
  readonly data: string;
  readonly labels: string | undefined;
  readonly typed: ReadonlyMap<string, PilotTyped>;
  readonly seed: number;
  readonly kept: AdviceFolder;
  readonly session: Session;
  /** Ends everything: without examples no pilot can be measured. */
  giveUp(error: unknown): void;
  /** Label-free measures of features; RankMe and α-ReQ unless told. */
  readonly measure?: MeasureFeatures | undefined;
}

export type Looked = Pick<PilotEvidence, "featureSize" | "measures" | "probe">;

export interface PilotMeasures {
  /** Opens the examples, prepared as for this run, and measures their raw features, where no earlier process did. */
  measureRaw(settings: RunSettings, method: string): Promise<MeasuredOn>;
  /** Seconds that a look is expected to take; to be asked after `measureRaw`. */
  secondsToLook(samplesPerSecond: number): number;
  /** Opens the examples, once a process. */
  open(settings: RunSettings, method: string): Promise<AdviceSample>;
  look(folder: string, contender: "encoder" | "randomInit", sample: AdviceSample, line: LiveLine): Promise<Looked>;
  /** What pilots are measured on; undefined before it is known. */
  measuredOn(): MeasuredOn | undefined;
}

export function pilotMeasures(options: MeasuresOptions): PilotMeasures {
  const { modality, data, labels, typed, seed, kept, session, measure } = options;
  const { line, signal } = session;
  const { giveUp } = options;
  const random = createRandom(seed);
  let sample: Promise<AdviceSample> | undefined;
  let measured = kept.sample;

  const openSample = async (settings: RunSettings, method: string): Promise<AdviceSample> => {
    try {
      return await modality.advice.openSample(settings, {
        data,
        labels,
        most: EXAMPLES,
        signal,
        show: line.show,
        print: line.print,
        typed: { ...typed.get(method)!.pretrain, ...typed.get(method)!.reading },
        random: random.split("sample"),
      });
    } catch (error) {
      giveUp(error);
      throw error;
    }
  };
  const open: PilotMeasures["open"] = (settings, method) => {
    sample ??= openSample(settings, method);
    return sample;
  };
  const probing = { random: random.split("probe"), signal };

  return {
    open,
    measuredOn: () => measured,
    secondsToLook: (samplesPerSecond) => measured!.examples / samplesPerSecond, // with a probe, and without gradients
    async measureRaw(settings, method) {
      const { examples, labels: told, raw, rawReader } = await open(settings, method);
      if (measured !== undefined) return measured;
      line.show(`${raw}: few-label probe`);
      const answers = told && (await fewLabelProbe(await rawReader(), told, probing));
      const classes = told ? [...told.names] : null;
      measured = { kind: "sample", examples, classes, raw, answers: answers ? [...answers] : null };
      await kept.add(measured);
      return measured;
    },
    async look(folder, contender, { labels: told, features }, own) {
      own.show(contender === "encoder" ? "measuring its features" : "measuring its random init");
      const table = await features(folder, contender, signal);
      const draws = told === undefined ? DRAWS : 1;
      const measures = await labelFreeDraws(table, random.split("label-free"), { draws, measure });
      if (told === undefined) return { featureSize: table.size, measures, probe: null };
      const reader = denseReader(labelled(table, told.labels, told.classes));
      return { featureSize: table.size, measures, probe: [...(await fewLabelProbe(reader, told, probing))] };
    },
  };
}
