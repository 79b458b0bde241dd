/**
 * The course of every lesson: data is opened and told of, both contenders are taught and answer, and a record says what it was worth.
 */
import {
  counted,
  createRandom,
  describeFineTuning,
  describeFoundData,
  type FineTuningStage,
  type FoundData,
  type Session,
  type Skipping,
  skipping,
} from "@autodidact/core";
import { defined } from "@autodidact/core/cards";
import { circumstancesOf } from "../record/circumstances.js";
import type { FineTuningResult } from "../record/results.js";
import type { ResultRecord } from "../record/schema.js";
import type { TaughtContender } from "./by-contender.js";
import type { Lesson, Taught } from "./lesson.js";

/** What holds where nothing is told. */
export interface UsualTeaching {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number | "by width";
}

export interface LessonReading {
  readonly onCorrupt: Skipping;
  /** Is told what was understood as soon as it is; what has it later gives it by `found`. */
  readonly onFound: (found: FoundData) => void;
  readonly signal: AbortSignal;
}

/** What a package's fine-tuning is told. */
export interface Teaching extends Pick<Taught, "epochs" | "batchSize" | "learningRate" | "seeds" | "out"> {
  readonly signal: AbortSignal;
  readonly onProgress: (stage: FineTuningStage) => void;
  /** A line that stays. */
  print(text: string): void;
}

export interface LessonPlan<Data, Result extends TaughtContender> extends Omit<Lesson, "teach"> {
  /** What its examples are called: "images". */
  readonly examples: string;
  /** What is answered, where it has another name: "sentences". */
  readonly answered?: string | undefined;
  readonly usual: UsualTeaching;
  open(taught: Taught, reading: LessonReading): Promise<Data>;
  found?(data: Data): FoundData | undefined;
  /** What is said before anything is taught; throws where too little is there to be taught by. */
  introduce?(data: Data, taught: Taught): Iterable<string>;
  fineTune(taught: Taught, data: Data, teaching: Teaching): AsyncIterable<Result>;
  /** What a contender answered, behind its name and seed; further lines are told by themselves. */
  describe(result: Result, data: Data, asked: string): readonly string[];
  subject(folder: string): Promise<ResultRecord["subject"]>;
  record(results: readonly Result[], data: Data, told: LessonResult, taught: Taught): ResultRecord;
}

export interface LessonResult extends Omit<FineTuningResult, "task"> {
  readonly settings: UsualTeaching;
}

/** A lesson that is taught by the plan. */
export function lessonOf<Data extends Tested, Result extends TaughtContender>(plan: LessonPlan<Data, Result>): Lesson {
  const { summary, hasClasses, hasShares, options } = plan;
  return { summary, hasClasses, hasShares, options, teach: (taught, session) => teach(plan, taught, session) };
}

/** Data with a test part: a list, or one that has labels and a hash beside. */
export interface Tested {
  readonly test: { readonly length: number } | { readonly examples: { readonly length: number } };
}

const testedOf = ({ test }: Tested) => ("examples" in test ? test.examples.length : test.length);

async function teach<Data extends Tested, Result extends TaughtContender>(
  plan: LessonPlan<Data, Result>,
  taught: Taught,
  { line, engine, signal }: Session,
): Promise<ResultRecord> {
  const { examples, answered = examples, usual } = plan;
  const { epochs, batchSize, learningRate, seeds, out } = taught;
  const circumstances = circumstancesOf(engine);
  const onCorrupt = skipping(line.print);
  const onFound = (found: FoundData) => {
    for (const text of describeFoundData(found, examples)) line.print(text);
  };
  const data = await plan.open(taught, { onCorrupt, onFound, signal });
  onCorrupt.conclude(examples);
  const found = plan.found?.(data);
  if (found !== undefined) onFound(found);
  for (const text of plan.introduce?.(data, taught) ?? []) line.print(text);
  const asked = counted(testedOf(data), answered);
  const onProgress = (stage: FineTuningStage) => line.show(describeFineTuning(stage, { seeds: seeds.length, asked }));
  const teaching = { epochs, batchSize, learningRate, seeds, out, signal, onProgress, print: line.print };
  const results: Result[] = [];
  for await (const result of plan.fineTune(taught, data, teaching)) {
    results.push(result);
    const [answer, ...more] = plan.describe(result, data, asked);
    for (const text of [`${result.contender}, seed ${result.seed}: ${answer}`, ...more]) line.print(text);
  }
  const subject = await plan.subject(taught.folder);
  const settings = { ...usual, ...defined({ epochs, batchSize, learningRate }) };
  const told = { subject, settings, seeds, random: createRandom(0), ...circumstances() };
  return plan.record(results, data, told, taught);
}

/** What a record's settings say of a share of the labels, so many examples: nothing where all were seen. */
export function budgetOf(labelShare: number | undefined, labels: number): { labelShare?: number; labels?: number } {
  return labelShare === undefined ? {} : { labelShare, labels };
}
