/**
 * What every modality with labelled data can be asked: nearest neighbours, a linear probe.
 */
import { UsageError } from "@autodidact/core";
import { choice, defined, filled, type Options, positive, whole } from "@autodidact/core/cards";
import type { ClassProtocol } from "../classes/class-protocol.js";
import { ask, type Examination, mostVotes, type Question } from "../classes/examination.js";
import { knn } from "../classes/knn.js";
import { type LinearProbeOptions, linearProbe } from "../classes/linear-probe.js";
import type { FeatureCache } from "../store/feature-cache.js";
import type { EvaluationTask, EvaluationTasks } from "./evaluation-task.js";

export interface ExaminationOptions {
  /** The first so many of each class, of the training part. */
  readonly perClass?: number | undefined;
  /** What was typed of the modality's own options: how its data is read. */
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
  readonly cache?: FeatureCache | undefined;
  readonly signal: AbortSignal;
  /** What is being done now. */
  show(text: string): void;
  /** What must stay to be read. */
  print(text: string): void;
}

/** An examination, and what suits its encoder where nothing is typed. */
export interface ProbedExamination extends Examination {
  readonly probe?: Pick<LinearProbeOptions, "normalize" | "layerSum"> | undefined;
}

type Examine = (folder: string, data: string, options: ExaminationOptions) => Promise<ProbedExamination>;

const nearest = {
  k: whole("of knn: neighbours that vote, at most as many as the largest class has", {
    usually: "200, or the smallest class's examples where those are fewer",
  }),
  temperature: positive(0.1, "of knn's votes", { unit: "t" }),
};
const probing = {
  solver: choice(["lbfgs", "sgd"])("lbfgs", "of the linear probe"),
  normalize: choice(["standardize", "batch-norm"])("before the linear probe's head", {
    usually: "standardize; of mae batch-norm, as its authors",
  }),
};

/** `reading` are its options that say how its data is read, `ofLinear` those of the probe alone. */
export function probeTasks(examine: Examine, reading: Options = {}, ofLinear: Options = {}): EvaluationTasks {
  const probe = (
    protocolOf: (own: Readonly<Record<string, unknown>>, examined: ProbedExamination) => ClassProtocol,
  ): EvaluationTask["run"] =>
    async function* (asked, own, session) {
      const { folder, data, perClass, labelsPerClass, budgets = [{ labelsPerClass }], seed, onAnswered, cache } = asked;
      const { engine, line, signal } = session;
      const examination = await examine(folder, data, {
        perClass,
        typed: own,
        cache,
        signal,
        show: line.show,
        print: line.print,
      });
      const protocol = protocolOf(own, examination);
      for (const budget of budgets)
        assertEnoughLabels(examination.labels, { k: own.k as number | undefined, ...budget });
      const questions = budgets.map((budget): Question => {
        const isDrawn = budget.labelsPerClass !== undefined || budget.labelShare !== undefined;
        return { protocol, ...budget, seeds: isDrawn || !protocol.isDeterministic ? seedsOf(asked.seeds) : undefined };
      });
      if (questions.every(({ seeds }) => seeds === undefined) && (asked.seeds ?? 1) > 1) {
        line.print(
          `${protocol.name} of all labels has no chance in it: ${asked.seeds} seeds would answer alike, one does.`,
        );
      }
      yield* ask(examination, questions, { engine, seed, signal, say: line.show, onAnswered });
    };
  return {
    knn: {
      summary: "nearest neighbours",
      version: knn().version,
      takesBudgets: true,
      options: { ...nearest, ...reading },
      run: probe((own) => knn(filled(nearest, own))),
    },
    linear: {
      summary: "a linear probe",
      version: linearProbe().version,
      takesBudgets: true,
      options: { ...probing, ...reading, ...ofLinear },
      run: probe((own, { probe: usual }) => linearProbe({ ...usual, ...defined(filled(probing, own)) })),
    },
  };
}

const seedsOf = (count: number | undefined) =>
  count === undefined ? undefined : Array.from({ length: count }, (_, i) => i);

/** Refuses what the labels cannot give before minutes are spent on features. */
function assertEnoughLabels(
  labels: Examination["labels"],
  { k, labelsPerClass }: Pick<Question, "labelsPerClass"> & { k?: number | undefined },
): void {
  const most = mostVotes(labels, labelsPerClass);
  if (k === undefined || k <= most) return;
  const of = labelsPerClass === undefined ? "the training examples of the largest class" : "the labels of a class";
  throw new UsageError(
    `\`k\` must be at most ${most}, ${of}, got ${k}: no neighbourhood could be of one class. Leave it out to have it chosen by the classes.`,
  );
}
