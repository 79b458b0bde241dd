/**
 * What variables were assigned since the last evaluation, so that a failure leaves them their last good values.
 *
 * Assignments of one step of an optimizer belong together: where one failed, none counts, nor what was computed from them.
 */
import type { Variable } from "@tensorflow/tfjs-core";
import type { Failure } from "./failure.js";
import { failureOfInputs } from "./pieces.js";
import type { LazyNode, TensorData } from "./tensor-data.js";

/** Assignments that count together or not at all. */
export interface Step {
  /** Takes back what the step changed besides variables. */
  undo(): void;
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

/** Undoes the steps that do not count, and tells which variables go back to which value; those that never had a good one keep the failure. */
export function reversals(
  log: readonly Assignment[],
  nodes: readonly LazyNode[],
  failed: ReadonlyMap<TensorData, Failure>,
): Reversal[] {
  const { spoilt, undone } = whatDoesNotCount(log, nodes, failed);
  for (const step of undone.keys()) step.undo();
  const failureOf = ({ after, step }: Assignment) => spoilt.get(after) ?? (step && undone.get(step));
  const histories = new Map<Variable, Assignment[]>();
  for (const assignment of log) {
    const history = histories.get(assignment.variable);
    if (history) history.push(assignment);
    else histories.set(assignment.variable, [assignment]);
  }
  const found: Reversal[] = [];
  for (const [variable, history] of histories) {
    const failure = failureOf(history.at(-1)!);
    if (!failure || variable.isDisposed || variable.dataId !== history.at(-1)!.after) continue;
    const to = history.findLast((assignment) => !failureOf(assignment))?.after ?? history[0]!.before;
    if (!failed.has(to)) found.push({ variable, to, failure });
  }
  return found;
}

/** `spoilt`: what failed, what was computed in a step that does not count, and what was computed from either. */
function whatDoesNotCount(
  log: readonly Assignment[],
  nodes: readonly LazyNode[],
  failed: ReadonlyMap<TensorData, Failure>,
) {
  const spoilt = new Map(failed);
  const undone = new Map<Step, Failure>();
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
