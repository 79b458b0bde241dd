/**
 * How a training run is going, in one line.
 */
import { grouped } from "../lines/grouped.js";
import type { TrainingReport } from "./training-report.js";

export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly pace: { readonly unit: string; readonly perSecond: number };
  readonly secondsLeft: number;
  /** What was seen of it last: `rank 21.7`. */
  readonly watched?: string | undefined;
}

export function describeProgress(progress: Progress): string {
  const { step, steps, loss, learningRate, pace, secondsLeft, watched } = progress;
  return [
    `step ${step}/${steps}`,
    `loss ${loss.toFixed(4)}`,
    `lr ${significant(learningRate)}`,
    `${grouped(Math.round(pace.perSecond))} ${pace.unit}/s`,
    ...(watched === undefined ? [] : [watched]),
    `ETA ${duration(secondsLeft)}`,
  ].join("  ");
}

/** 0:07, 12:30, 3:05:00 */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Three significant digits: 0.12, 0.0312, 3e-5 */
function significant(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return rounded !== 0 && Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
}

/** How far a contender of a fine-tuning is; without a report it answers. */
export interface FineTuningStage {
  readonly contender: string;
  readonly seed: number;
  readonly report?: TrainingReport;
  readonly steps?: number;
}

/** `asked` is what it answers at the end: "20 texts". */
export function describeFineTuning(
  { contender, seed, report, steps = 0 }: FineTuningStage,
  { seeds, asked }: { seeds: number; asked: string },
): string {
  const what = seeds > 1 ? `${contender}, seed ${seed + 1} of ${seeds}` : contender;
  if (report === undefined) return `${what}: answering ${asked}`;
  const pace = { unit: "examples", perSecond: report.samplesPerSecond };
  return `${what}: ${describeProgress({ ...report, steps, pace, secondsLeft: report.etaSeconds })}`;
}
