/**
 * A ranked recommendation of methods with its evidence and its uncertainty: `advice.json`, format `autodidact.advice/1`.
 */
import { createRandom, type Random } from "@autodidact/core";
import { z } from "zod";
import { percentiles } from "../bootstrap.js";
import { labelFreeSchema, type PilotEvidence, type ProbeAnswers } from "./pilot-evidence.js";
import { isCollapsedPilot, meanMeasures, probeAccuracy, probeScores, type Shown } from "./pilot-scores.js";
import { probeDifference, rankPilots, type Standing } from "./rank-pilots.js";
import type { Halved } from "./successive-halving.js";

const interval = z.tuple([z.number(), z.number()]);
const share = z.number().min(0).max(1);
const command = z.strictObject({ why: z.string(), command: z.string() });

export const adviceSchema = z.strictObject({
  schema: z.literal("autodidact.advice/1"),
  createdAt: z.iso.datetime(),
  /** What was told: data, options, the engine. */
  asked: z.record(z.string(), z.json()),
  /** What the pilots' features were measured on; `classes` null where there are no labels. */
  sample: z.strictObject({
    examples: z.int().positive(),
    classes: z.array(z.string()).nullable(),
    /** What the raw features are: "raw pixels". */
    raw: z.string(),
  }),
  rankedBy: z.enum(["few-label probe", "label-free measures"]),
  probe: z
    .strictObject({ labelsPerClass: z.int().positive(), folds: z.int().positive(), seeds: z.int().positive() })
    .nullable(),
  budgetSeconds: z.number(),
  spentSeconds: z.number(),
  rungsLeftOut: z.int().nonnegative(),
  rungs: z.array(z.strictObject({ seconds: z.number(), methods: z.array(z.string()) })),
  /** The best first. */
  ranked: z.array(
    z.strictObject({
      method: z.string(),
      /** The last that it trained in, from 1. */
      rung: z.int().positive(),
      steps: z.int().nonnegative(),
      stepsInAll: z.int().positive(),
      trainedSeconds: z.number(),
      featureSize: z.int().positive(),
      measures: labelFreeSchema,
      isCollapsed: z.boolean(),
      /** The probe's accuracy, or the rule's score among those of its last rung. */
      score: z.number(),
      interval,
      /** The probe's accuracy of the same encoder before it learned; null where there are no labels. */
      randomInit: share.nullable(),
      chanceOfBest: z.number(),
      isTiedWithFirst: z.boolean(),
    }),
  ),
  failures: z.array(z.strictObject({ method: z.string(), rung: z.int().nonnegative(), error: z.string() })),
  /** The same probe on the raw features, and how much more the first has; null where there are no labels, or nothing was ranked. */
  rawFeatures: z
    .strictObject({ score: share, interval, difference: z.number(), differenceInterval: interval })
    .nullable(),
  /** What to run next. */
  next: z.array(command),
});
export type Advice = z.infer<typeof adviceSchema>;

export interface AdviceTold extends Pick<Advice, "asked" | "sample" | "probe" | "budgetSeconds" | "createdAt"> {
  /** What the raw features answered; undefined where there are no labels. */
  readonly raw: ProbeAnswers | undefined;
  readonly seed: number;
  /** What to run next, of the methods from the best on. */
  next(ranked: readonly Standing[]): Advice["next"];
}

export function adviceFrom(halved: Halved<PilotEvidence>, told: AdviceTold): Advice {
  const { asked, sample, probe, budgetSeconds, createdAt, raw, seed, next } = told;
  const failed = new Set(halved.failures.map(({ candidate }) => candidate));
  const rungs = halved.rungs.map(({ shown }) => new Map([...shown].filter(([name]) => !failed.has(name))));
  const random = createRandom(seed).split("advice");
  const standings = rankPilots(
    rungs.filter(({ size }) => size > 0),
    random,
  );
  const [first] = standings;
  const firstProbe = first && rungs[first.rung - 1]!.get(first.candidate)!.probe;
  return {
    schema: "autodidact.advice/1",
    createdAt,
    asked,
    sample,
    rankedBy: probe === null ? "label-free measures" : "few-label probe",
    probe,
    budgetSeconds,
    spentSeconds: halved.spentSeconds,
    rungsLeftOut: halved.rungsLeftOut,
    rungs: halved.rungs.map(({ seconds, shown }) => ({ seconds, methods: [...shown.keys()] })),
    ranked: standings.map((standing) => rowOf(standing, rungs)),
    failures: halved.failures.map(({ candidate, rung, error }) => ({ method: candidate, rung, error })),
    rawFeatures: raw && firstProbe ? besideRaw(firstProbe, raw, random) : null,
    next: next(standings),
  };
}

function besideRaw(own: ProbeAnswers, raw: ProbeAnswers, random: Random): Advice["rawFeatures"] {
  const { value, draws } = probeScores(new Map([["raw", raw]]), random.split("raw")).get("raw")!;
  const more = probeDifference(own, raw, random.split("difference"));
  return {
    score: value,
    interval: percentiles(draws, 0.95),
    difference: more.difference,
    differenceInterval: more.interval,
  };
}

function rowOf(standing: Standing, rungs: readonly Shown[]): Advice["ranked"][number] {
  const { candidate, ...others } = standing;
  const shown = rungs[standing.rung - 1]!.get(candidate)!;
  const measures = meanMeasures(shown.measures);
  const before = rungs[0]!.get(candidate)?.randomInit?.probe;
  const { steps, stepsInAll, trainedSeconds, featureSize } = shown;
  return {
    method: candidate,
    ...others,
    steps,
    stepsInAll,
    trainedSeconds,
    featureSize,
    measures,
    isCollapsed: isCollapsedPilot(measures),
    randomInit: before ? probeAccuracy(before) : null,
  };
}
