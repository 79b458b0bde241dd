/**
 * What every lesson says and keeps while a model is taught, whatever it is taught.
 */
import type { TrainingReport } from "@autodidact/core";
import type { Session } from "./engine-options.js";
import type { Taught } from "./fine-tuning.js";
import { describeProgress } from "./progress.js";

/** How far a contender is; without a report it answers. */
export interface TeachingProgress {
  readonly contender: string;
  readonly seed: number;
  readonly report?: TrainingReport;
  readonly steps?: number;
}

/** What a package's fine-tuning is told, its progress shown in the live line; `asked` is what it answers at the end: "20 texts". */
export function teaching(taught: Taught, { line, signal }: Session, asked: string) {
  const { epochs, batchSize, learningRate, seeds, out } = taught;
  const onProgress = ({ contender, seed, report, steps = 0 }: TeachingProgress) => {
    const what = seeds.length > 1 ? `${contender}, seed ${seed + 1} of ${seeds.length}` : contender;
    if (report === undefined) return line.show(`${what}: answering ${asked}`);
    const { step, loss, learningRate: rate, samplesPerSecond, etaSeconds } = report;
    const pace = { unit: "examples", perSecond: samplesPerSecond };
    line.show(`${what}: ${describeProgress({ step, steps, loss, learningRate: rate, pace, secondsLeft: etaSeconds })}`);
  };
  return { epochs, batchSize, learningRate, seeds, out, signal, onProgress };
}

/** The answers of both contenders, in the order of the seeds. */
export function byContender<Result extends { contender: "pretrained" | "from scratch" }, Answer>(
  results: readonly Result[],
  answerOf: (result: Result) => Answer,
) {
  const of = (name: Result["contender"]) => results.filter(({ contender }) => contender === name).map(answerOf);
  return { pretrained: of("pretrained"), fromScratch: of("from scratch") };
}

/** What holds where nothing was typed. */
export interface UsualTeaching {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number | "by width";
}

export function settingsOf({ epochs, batchSize, learningRate }: Taught, usual: UsualTeaching) {
  return {
    epochs: epochs ?? usual.epochs,
    batchSize: batchSize ?? usual.batchSize,
    learningRate: learningRate ?? usual.learningRate,
  };
}
