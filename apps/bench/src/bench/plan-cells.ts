/**
 * Encoders × tasks: which cells there are, and which pairs do not fit and why.
 */
import { type LabelBudget, UsageError } from "@autodidact/core";
import { assertGiven } from "@autodidact/core/cards";
import { budgetsOf, type Cell, cellKey, dataHash, type HashOptions, type SuiteTask } from "@autodidact/evaluate";
import type { EvaluationTask } from "../evaluation.js";
import { encoderIdentity } from "../foreign/encoder-identity.js";
import type { ForeignEncoder } from "../foreign/foreign-encoder.js";
import { loadModalities } from "../modalities.js";
import type { ReadSuite } from "./read-suite.js";

export interface PlannedCell {
  readonly key: string;
  readonly cell: Cell;
  /** The encoder's. */
  readonly folder: string;
  /** Somebody else's encoder. */
  readonly foreign: ForeignEncoder | undefined;
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
const DATA = { image: "images", text: "text", speech: "speech" } as const;

/** `say` is told what is being looked at: hashing takes a while of much data. */
export async function planCells(
  suite: ReadSuite,
  { say, ...hashing }: HashOptions & { say(text: string): void },
): Promise<Plan> {
  const tasks: (readonly [SuiteTask, EvaluationTask | undefined, Cell["task"] | undefined])[] = [];
  for (const task of suite.tasks) {
    const asked = await evaluationOf(task);
    say(`looking at ${task.data}`);
    tasks.push([task, asked, asked && (await describedTask(task, asked, hashing))]);
  }
  const cells = new Map<string, PlannedCell>();
  const passedOver: PassedOverPair[] = [];
  for (const encoder of suite.encoders) {
    const { data, hash, foreign } = await encoderIdentity(encoder, { ...hashing, say });
    for (const [task, asked, described] of tasks) {
      const pass = (why: string) => passedOver.push({ encoder: encoder.name, task: task.name, why });
      if (asked === undefined || described === undefined) pass(`no package for ${DATA[task.modality]} is installed`);
      else if (data !== DATA[task.modality]) pass(`the encoder is of ${data}, the task of ${DATA[task.modality]}`);
      else if (foreign !== undefined && !asked.takesForeign)
        pass(`${task.protocol} cannot be asked of somebody else's encoder`);
      else {
        const cell: Cell = { encoder: { name: encoder.name, hash }, task: described };
        const key = cellKey(cell);
        const same = cells.get(key);
        if (same === undefined)
          cells.set(key, { key, cell, folder: encoder.folder, foreign, task, budgets: budgetsOf(task) });
        else pass(`it is the same cell as ${same.cell.encoder.name} × ${same.task.name}`);
      }
    }
  }
  return { cells: [...cells.values()], passedOver };
}

/** Undefined where its modality is not installed. */
async function evaluationOf({ name, modality, protocol }: SuiteTask): Promise<EvaluationTask | undefined> {
  const { present } = await loadModalities();
  const tasks = present.find(({ data }) => data === DATA[modality])?.tasks;
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
