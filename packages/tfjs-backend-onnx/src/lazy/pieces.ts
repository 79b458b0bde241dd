/**
 * What a graph that failed still gives: it is cut in halves until the nodes that fail stand alone, and all that does not depend on
 * them is computed.
 *
 * Of nodes 0 to 7, where 5 fails: 0–3 run; 4–7 fail; 4–5 fail; 4 runs; 5 is found; of 6–7 those run that do not depend on it.
 */
import { Failure } from "./failure.js";
import type { LazyNode, TensorData } from "./tensor-data.js";

interface Pieces {
  readonly failed: ReadonlyMap<TensorData, Failure>;
  /** These were computed for later pieces, and nobody else wants them. */
  readonly passing: readonly TensorData[];
}

interface Computing {
  /** Computes these and what they need. */
  compute(outputs: readonly TensorData[]): void;
  /** Makes an error that tells the user what this node, whose inputs are computed, could not do. */
  explain(node: LazyNode, error: Error): Error;
}

/** `nodes` are in an order in which each follows those it reads from; all together they have failed. */
export function computeInPieces(
  nodes: readonly LazyNode[],
  wanted: ReadonlySet<TensorData>,
  { compute, explain }: Computing,
): Pieces {
  const lastReader = new Map<TensorData, number>();
  for (const [i, { inputs }] of nodes.entries()) for (const { data } of inputs) lastReader.set(data, i);
  const failed = new Map<TensorData, Failure>();
  const passing: TensorData[] = [];

  const outputsOf = (from: number, to: number): TensorData[] => {
    const isNeeded = (data: TensorData) => wanted.has(data) || (lastReader.get(data) ?? -1) >= to;
    const piece = nodes.slice(from, to);
    for (const node of piece) fail(node, failureOfInputs(node, failed));
    return piece.flatMap(({ outputs }) => outputs.filter((data) => !failed.has(data) && isNeeded(data)));
  };
  const fail = ({ outputs }: LazyNode, failure: Failure | undefined) => {
    if (failure) for (const output of outputs) failed.set(output, failure);
  };
  const visit = (from: number, to: number): void => {
    const outputs = outputsOf(from, to);
    if (outputs.length === 0) return;
    try {
      compute(outputs);
    } catch (error) {
      if (to - from > 1) halve(from, to);
      else fail(nodes[from]!, new Failure(explain(nodes[from]!, error as Error)));
      return;
    }
    for (const data of outputs) if (!wanted.has(data)) passing.push(data);
  };
  const halve = (from: number, to: number): void => {
    const middle = (from + to) >> 1;
    visit(from, middle);
    visit(middle, to);
  };
  if (nodes.length > 1) halve(0, nodes.length);
  else visit(0, nodes.length);
  return { failed, passing };
}

export function failureOfInputs({ inputs }: LazyNode, failed: ReadonlyMap<TensorData, Failure>): Failure | undefined {
  for (const { data } of inputs) {
    const failure = failed.get(data);
    if (failure) return failure;
  }
  return undefined;
}
