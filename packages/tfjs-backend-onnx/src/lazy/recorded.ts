/**
 * What was recorded since the last evaluation: nodes with their results, oldest first, and what variables were assigned meanwhile.
 *
 * It can be narrowed to its first part, to evaluate that alone; then the rest is all that there is.
 */
import type { TensorBuffer } from "../runtime/tensor-buffer.js";
import { type Assignment, renumber, type Step } from "./assignments.js";
import { Recording } from "./recording.js";
import { StepBoundaries } from "./step-boundaries.js";
import type { LazyNode, TensorData } from "./tensor-data.js";

export class Recorded {
  readonly recording = new Recording();
  readonly boundaries = new StepBoundaries();
  /** Nodes' results; nobody wants those dropped meanwhile. */
  results: TensorData[] = [];
  assignments: Assignment[] = [];
  /** Some results were settled without being evaluated. */
  private hasGaps = false;

  add(node: LazyNode): void {
    for (let i = 0; i < node.outputs.length; i += 1) this.results.push(node.outputs[i]!);
    this.recording.add(node);
  }

  forget(): void {
    this.recording.clear();
    this.results = [];
    if (this.assignments.length > 0) this.assignments = [];
    this.boundaries.forget();
    this.hasGaps = false;
  }

  /** An optimizer's step: what is recorded until it ends, or since it was evaluated in between. */
  beginStep(undo: () => void): Step {
    return { undo, recording: this.recording.id, from: this.recording.results, to: Number.POSITIVE_INFINITY };
  }

  endStep(step: Step): void {
    if (step.recording !== this.recording.id) step.from = 0;
    step.recording = this.recording.id;
    step.to = this.recording.results;
  }

  /** The values are there without the node, which was recorded for nobody. */
  settleUnevaluated(data: TensorData, buffer: TensorBuffer): void {
    data.settle(buffer);
    data.recording = 0;
    this.hasGaps = true;
  }

  /** Results that are wanted, recorded without nodes whose results were settled meanwhile: the next step has none of these. */
  wanted(): TensorData[] {
    if (this.hasGaps) this.closeGaps();
    return this.results.filter(({ isDropped }) => !isDropped);
  }

  /** The lengths of what was recorded before the last steps, and of these. */
  parts(): readonly [before: number, steps: number] {
    const placeOf = this.closeGaps();
    const from = placeOf(this.boundaries.from);
    return [from, placeOf(this.boundaries.to) - from];
  }

  /** Narrows it to the first nodes; gives those of their results that somebody wants or the others read. Nothing where it is all or none. */
  narrow(count: number): readonly TensorData[] | undefined {
    if (count <= 0 || count >= this.results.length) return undefined;
    const [first, others] = [this.results.slice(0, count), this.results.slice(count)];
    const needed = new Set(nodesOf(others).flatMap(({ inputs }) => inputs.map(({ data }) => data)));
    this.recordAgain(first, (place) => place);
    return first.filter((data) => !data.isDropped || needed.has(data));
  }

  /** Takes back that it was narrowed. */
  widen(): void {
    this.recordAgain(this.results, (place) => place);
  }

  /** The first results are evaluated: the others are left. */
  leave(count: number): void {
    this.results = this.results.slice(count);
    this.recordAgain(this.results, (place) => Math.max(0, place - count));
    this.assignments = this.assignments.filter(({ after, step }) => after.node || (step && step.to > 0));
  }

  /** Gives the place that a result has now by that which it had. */
  private closeGaps(): (place: number) => number {
    if (!this.hasGaps) return (place) => place;
    const left = [0];
    for (const { node } of this.results) left.push(left.at(-1)! + (node ? 1 : 0));
    const placeOf = (place: number) => left[Math.min(place, left.length - 1)]!;
    this.results = this.results.filter(({ node }) => node);
    this.recordAgain(this.results, placeOf);
    this.hasGaps = false;
    return placeOf;
  }

  private recordAgain(results: readonly TensorData[], placeOf: (place: number) => number): void {
    const before = this.recording.id;
    this.recording.clear();
    for (const node of nodesOf(results)) this.recording.add(node);
    renumber(this.assignments, before, this.recording.id, placeOf);
  }
}

/** The nodes of these results, in their order. */
export function nodesOf(results: readonly TensorData[]): LazyNode[] {
  const nodes: LazyNode[] = [];
  for (const { node, outputIndex } of results) if (node && outputIndex === 0) nodes.push(node);
  return nodes;
}
