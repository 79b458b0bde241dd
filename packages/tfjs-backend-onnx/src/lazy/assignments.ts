/**
 * What variables were assigned since the last evaluation, so that a failure leaves them their last good values.
 *
 * Assignments of one step of an optimizer belong together: where one failed, none counts, nor what was computed from them.
 */
import type { Variable } from "@tensorflow/tfjs-core";
import type { Failure } from "./failure.js";
import { failureOfInputs } from "./pieces.js";
import type { LazyNode, TensorData } from "./tensor-data.js";

/** Assignments that count together or not at all: where a result that was recorded between `from` and `to` failed, none counts. */
export interface Step {
  /** Takes back what the step changed besides variables. */
  readonly undo: () => void;
  /** The number of the recording whose places these are. */
  recording: number;
  from: number;
  to: number;
}

export interface Assignment {
  readonly variable: Variable;
  readonly before: TensorData;
  readonly after: TensorData;
  readonly step: Step | undefined;
}

export interface Reversal {
  readonly variable: Variable;
  readonly to: TensorData;
  readonly failure: Failure;
}

/** The steps of one recording are recorded again in another; `placeOf` gives the place there of one here. */
export function renumber(
  log: readonly Assignment[],
  before: number,
  now: number,
  placeOf: (place: number) => number,
): void {
  for (const step of new Set(log.map((assignment) => assignment.step))) {
    if (step?.recording !== before) continue;
    step.recording = now;
    step.from = placeOf(step.from);
    step.to = placeOf(step.to);
  }
}

/**
 * Undoes the steps that do not count. `spoilt`: what failed, what was computed in such a step for variables, and what was computed from
 * either. `back`: the variables that go back to an older value; one that never had a good one keeps the failure.
 */
export function reversals(
  log: readonly Assignment[],
  nodes: readonly LazyNode[],
  failed: ReadonlyMap<TensorData, Failure>,
): { spoilt: ReadonlyMap<TensorData, Failure>; back: readonly Reversal[] } {
  const { spoilt, undone } = whatDoesNotCount(log, nodes, failed);
  for (const step of undone.keys()) step.undo();
  const failureOf = ({ after, step }: Assignment) => spoilt.get(after) ?? (step && undone.get(step));
  const histories = new Map<Variable, Assignment[]>();
  for (const assignment of log) {
    const history = histories.get(assignment.variable);
    if (history) history.push(assignment);
    else histories.set(assignment.variable, [assignment]);
  }
  const back: Reversal[] = [];
  for (const [variable, history] of histories) {
    const failure = failureOf(history.at(-1)!);
    if (!failure || variable.isDisposed || variable.dataId !== history.at(-1)!.after) continue;
    const to = history.findLast((assignment) => !failureOf(assignment))?.after ?? history[0]!.before;
    if (!spoilt.has(to)) back.push({ variable, to, failure });
  }
  return { spoilt, back };
}

function whatDoesNotCount(
  log: readonly Assignment[],
  nodes: readonly LazyNode[],
  failed: ReadonlyMap<TensorData, Failure>,
) {
  const spoilt = new Map(failed);
  const undone = stepsThatFailed(log, failed);
  const computed = new Set(nodes.flatMap(({ outputs }) => outputs));
  for (let found = -1; found !== spoilt.size + undone.size; ) {
    found = spoilt.size + undone.size;
    for (const { step, after } of log) {
      const failure = spoilt.get(after);
      if (step && failure && !undone.has(step)) undone.set(step, failure);
    }
    for (const { step, after } of log) {
      const failure = step && undone.get(step);
      if (failure && computed.has(after) && !spoilt.has(after)) spoilt.set(after, failure);
    }
    for (const node of nodes) {
      const failure = failureOfInputs(node, spoilt);
      if (failure) for (const output of node.outputs) if (!spoilt.has(output)) spoilt.set(output, failure);
    }
  }
  return { spoilt, undone };
}

function stepsThatFailed(log: readonly Assignment[], failed: ReadonlyMap<TensorData, Failure>): Map<Step, Failure> {
  const found = new Map<Step, Failure>();
  for (const step of new Set(log.map((assignment) => assignment.step))) {
    for (const [{ place }, failure] of failed) {
      if (step && !found.has(step) && place >= step.from && place < step.to) found.set(step, failure);
    }
  }
  return found;
}
