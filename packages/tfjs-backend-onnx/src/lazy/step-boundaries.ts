/**
 * Where a step of a training loop ends, for loops that read nothing between their steps: there each step must be a graph by itself, or all
 * of them become one graph that never comes again.
 *
 * An example: a loop slices a batch (1), takes gradients and assigns the weights (2), and adds the loss to a sum (3). When gradients with
 * regard to the weights begin again, the weights were assigned and nobody has computed them. So (1), (2) and what follows, (3) and the next
 * batch, are computed as three graphs, and from now on each time the same two: (2), then (3) with the next (1). So are they where the loop ends
 * and something is read. A loop that reads its loss at each step has nothing pending there, and its graphs stay as they are.
 *
 * A loop without gradients is known by its slices: `model.predict` takes one part of the data after the other. Sixteen such batches are a graph.
 */
import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { TensorData } from "./tensor-data.js";

/** A variable that is assigned so often without gradients and without being read is computed. */
export const ASSIGNED_OFTEN = 16;

/** So many slices of one tensor are of one graph, where each is computed with: */
const BATCHES = 16;
const NODES_OF_BATCH = 4;

export class StepBoundaries {
  /** How often tensors that are computed were sliced since the last evaluation. */
  private readonly sliced = new Map<TensorData, number>();
  /** Gradients are being taken. */
  isTakingGradients = false;
  /** How often variables were assigned since the last evaluation. */
  private readonly assigned = new Map<Variable, number>();
  /** The steps since the last evaluation are what was recorded between these places. */
  private range?: { from: number; to: number };

  get from(): number {
    return this.range?.from ?? 0;
  }

  get to(): number {
    return this.range?.to ?? 0;
  }

  /** Gradients begin at this place. */
  begin(place: number): void {
    this.range ??= { from: place, to: place };
  }

  /** Gives how often the variable was assigned. */
  note(variable: Variable, place: number): number {
    const times = (this.assigned.get(variable) ?? 0) + 1;
    this.assigned.set(variable, times);
    if (this.range) this.range.to = place;
    return times;
  }

  /** Tells whether gradients with regard to these read what a step before has assigned. */
  isNextStep(inputs: readonly Tensor[]): boolean {
    if (this.assigned.size === 0) return false;
    return inputs.some(
      (input) => this.assigned.has(input as Variable) && (input.dataId as TensorData).node !== undefined,
    );
  }

  /** Tells whether a slice of this tensor, which is computed, begins another sixteen batches. `nodes` were recorded so far. */
  isNextBatch(data: TensorData, nodes: number): boolean {
    if (this.isTakingGradients) return false;
    const times = this.sliced.get(data) ?? 0;
    if (times >= BATCHES && nodes >= NODES_OF_BATCH * times) return true;
    this.sliced.set(data, times + 1);
    return false;
  }

  forget(): void {
    if (this.sliced.size > 0) this.sliced.clear();
    if (this.assigned.size > 0) this.assigned.clear();
    this.range = undefined;
  }
}
