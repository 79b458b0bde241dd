/**
 * Encoders × tasks: which cells there are, and which pairs do not fit and why.
 */
import { type LabelBudget, UsageError } from "@autodidact/core";
import { assertGiven } from "@autodidact/core/cards";
import type { ResultRecord } from "../record/schema.js";
import type { EvaluationTask, EvaluationTasks } from "../tasks/evaluation-task.js";
import { budgetsOf, type Cell, cellKey } from "./cell.js";
import { dataHash, encoderHash, type HashOptions } from "./content-hashes.js";
import type { ReadSuite } from "./read-suite.js";
import type { SuiteEncoder, SuiteTask } from "./suite.js";

type Modality = ResultRecord["task"]["modality"];

export interface PlannedCell {
  readonly key: string;
  readonly cell: Cell;
  /** The encoder's. */
  readonly folder: string;
  readonly task: SuiteTask;
  readonly budgets: readonly LabelBudget[];
}

export interface PassedOverPair {
  readonly encoder: string;
  readonly task: string;
  readonly why: string;
}

export interface Plan {
  readonly cells: readonly PlannedCell[];
  readonly passedOver: readonly PassedOverPair[];
}

/** What modalities call their data. */
const DATA: Readonly<Record<Modality, string>> = { image: "images", text: "text", speech: "speech" };

export interface PlanOptions extends HashOptions {
  /** What encoders of each modality can be asked; a modality that is not here is not installed. */
  readonly tasks: Readonly<Partial<Record<Modality, EvaluationTasks>>>;
  /** What a folder's encoder learned from. */
  modalityOf(folder: string): Promise<Modality>;
  /** Is told what is being looked at: hashing takes a while of much data. */
  say?(text: string): void;
}

export async function planCells(
  suite: ReadSuite,
  { tasks: known, modalityOf, say, ...hashing }: PlanOptions,
): Promise<Plan> {
  const tasks: (readonly [SuiteTask, Cell["task"] | undefined])[] = [];
  for (const task of suite.tasks) {
    const asked = evaluationOf(task, known);
    say?.(`looking at ${task.data}`);
    tasks.push([task, asked && (await describedTask(task, asked, hashing))]);
  }
  const cells = new Map<string, PlannedCell>();
  const passedOver: PassedOverPair[] = [];
  for (const encoder of suite.encoders) {
    const modality = await modalityOf(encoder.folder);
    say?.(`looking at ${encoder.folder}`);
    const hash = await encoderHash(encoder.folder, hashing);
    for (const [task, described] of tasks) {
      const pass = (why: string) => passedOver.push({ encoder: encoder.name, task: task.name, why });
      if (described === undefined) pass(`no package for ${DATA[task.modality]} is installed`);
      else if (modality !== task.modality)
        pass(`the encoder is of ${DATA[modality]}, the task of ${DATA[task.modality]}`);
      else {
        const cell: Cell = { encoder: { name: encoder.name, hash }, task: described };
        const key = cellKey(cell);
        const same = cells.get(key);
        if (same === undefined) cells.set(key, plannedCell(key, cell, encoder, task));
        else pass(`it is the same cell as ${same.cell.encoder.name} × ${same.task.name}`);
      }
    }
  }
  return { cells: [...cells.values()], passedOver };
}

const plannedCell = (key: string, cell: Cell, { folder }: SuiteEncoder, task: SuiteTask): PlannedCell => ({
  key,
  cell,
  folder,
  task,
  budgets: budgetsOf(task),
});

/** Undefined where its modality is not installed. */
function evaluationOf(
  { name, modality, protocol }: SuiteTask,
  known: PlanOptions["tasks"],
): EvaluationTask | undefined {
  const tasks = known[modality];
  if (tasks === undefined || Object.hasOwn(tasks, protocol)) return tasks?.[protocol];
  throw new UsageError(
    `Task ${name}: of ${DATA[modality]} ${protocol} cannot be asked. Take ${Object.keys(tasks).join(" or ")}.`,
  );
}

async function describedTask(task: SuiteTask, asked: EvaluationTask, hashing: HashOptions): Promise<Cell["task"]> {
  assertOptions(task, asked);
  const { name, version, modality, protocol, options, seeds = null, seed, groups, reference = null } = task;
  return {
    name,
    version,
    modality,
    data: await dataHash(task.data, hashing),
    protocol: { name: protocol, version: asked.version },
    options,
    budgets: budgetsOf(task).map(({ labelShare, labelsPerClass }) => ({
      ...(labelShare !== undefined && { labelShare }),
      ...(labelsPerClass !== undefined && { labelsPerClass }),
    })),
    seeds,
    seed,
    groups: groups ? { hash: await dataHash(groups.file, hashing), id: groups.id, columns: groups.columns } : null,
    reference,
  };
}

/** Options as typed ones are, and what the protocol has no use for. */
function assertOptions(
  { name, protocol, options, labelShares, labelsPerClass, groups }: SuiteTask,
  asked: EvaluationTask,
): void {
  assertGiven(`Task ${name}`, { [protocol]: asked.options }, options);
  if (asked.takesBudgets) return;
  const strange = Object.entries({ labelShares, labelsPerClass, groups }).find(([, told]) => told !== undefined);
  if (strange !== undefined)
    throw new UsageError(`Task ${name}: ${strange[0]} does not go with ${protocol}. Leave it out.`);
}
