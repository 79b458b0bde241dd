/**
 * Logistic regression on sets of features: mean cross-entropy + l2 · ‖W‖², the bias free, by L-BFGS.
 *
 * A feature is 1 or 0 and is not standardised: rare ones would count most.
 */
import { type LabelledSparse, type SparseTable, selectSparseRows, stratifiedFolds } from "@autodidact/core";
import { type ClassProtocol, classProtocol } from "../classes/class-protocol.js";
import { type Evaluation, lbfgs } from "../classes/lbfgs.js";
import type { ProtocolContext } from "../protocol.js";
import { sparseRows } from "./sparse-rows.js";

export interface SparseRegressionOptions {
  /** Penalties to choose from; one alone is taken without validation. */
  readonly l2?: readonly number[];
  readonly maxIterations?: number;
}

/** One split would be too noisy to choose by, and sparse fits are cheap. */
const FOLDS = 5;
/** The linear probe's penalties. */
const L2_GRID = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5];
/** Relative fall of the loss at which a fit ends: choosing a penalty needs less than the head that answers. */
const CHOOSING_TOLERANCE = 1e-5;
const FINAL_TOLERANCE = 1e-6;

/**
 * The linear probe of sparse features: the penalty is chosen on validation rows, then the head is fitted on all. `table` is that of the
 * `sparseTask` to be measured.
 */
export function sparseRegression(table: SparseTable, options: SparseRegressionOptions = {}): ClassProtocol {
  const { l2 = L2_GRID, maxIterations = 200 } = options;
  const grid = [...l2].sort((a, b) => b - a);
  return classProtocol({
    name: "linear",
    version: 1,
    settings: { solver: "lbfgs", l2: grid, maxIterations, features: "binary" },
    async predict(train, test, { random, signal }) {
      const { learnFrom: examples, asked } = sparseRows("sparseRegression", table, [train, test]);
      const common = { maxIterations, signal };
      const fit: Choosing["fit"] = (some, penalty, start) =>
        fitHead(some, { ...common, l2: penalty, start, tolerance: CHOOSING_TOLERANCE });
      const chosen = await chooseL2(examples, grid, { fit, random });
      const head = await fitHead(examples, { ...common, l2: chosen, tolerance: FINAL_TOLERANCE });
      const labels = asked.map((row) => answer(head, row, train.classes));
      return { labels: Int32Array.from(labels), chosen: { l2: chosen } };
    },
  });
}

interface Choosing extends Pick<ProtocolContext, "random"> {
  /** Fits from the head of a stronger penalty, where there is one. */
  fit(examples: LabelledSparse, l2: number, start: Float64Array | undefined): Promise<Float64Array>;
}

/** The penalty with the most correct validation rows; the strongest of equals. */
async function chooseL2(examples: LabelledSparse, grid: readonly number[], { fit, random }: Choosing): Promise<number> {
  const { rows, labels, classes } = examples;
  const counts = Array.from({ length: classes }, (_, label) => labels.filter((l) => l === label).length);
  const rarest = Math.min(...counts.filter((count) => count > 0));
  if (grid.length === 1 || rarest < 2) return grid[grid.length >> 1]!;
  const folds = Math.min(FOLDS, rarest);
  const correct = grid.map(() => 0);
  for (const { fit: learn, validate } of stratifiedFolds(examples, random.split("validation"), { folds })) {
    const learning = selectSparseRows(examples, learn);
    let head: Float64Array | undefined;
    for (const [i, l2] of grid.entries()) {
      head = await fit(learning, l2, head);
      const answering = head;
      correct[i]! += validate.filter((row) => answer(answering, rows[row]!, classes) === labels[row]).length;
    }
  }
  return grid[correct.indexOf(Math.max(...correct))]!;
}

interface FitOptions {
  readonly l2: number;
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly start?: Float64Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Weight [size, classes] row after row, then bias [classes]. */
async function fitHead(
  { rows, size, labels, classes }: LabelledSparse,
  { l2, maxIterations, tolerance, start, signal }: FitOptions,
): Promise<Float64Array> {
  const evaluate = async (head: Float64Array): Promise<Evaluation> => {
    signal?.throwIfAborted();
    const gradient = new Float64Array(head.length);
    const bias = head.length - classes;
    const share = new Float64Array(classes);
    let loss = 0;
    for (const [i, row] of rows.entries()) {
      scoreInto(share, head, row);
      toProbabilities(share);
      loss -= Math.log(Math.max(share[labels[i]!]!, 1e-300));
      share[labels[i]!]! -= 1; // ∂loss / ∂logits
      for (let c = 0; c < classes; c++) {
        const slope = share[c]!;
        for (let w = 0; w < row.length; w++) gradient[row[w]! * classes + c]! += slope;
        gradient[bias + c]! += slope;
      }
    }
    let penalty = 0;
    for (let k = 0; k < head.length; k++) {
      gradient[k]! /= rows.length;
      if (k >= size * classes) continue;
      penalty += head[k]! ** 2;
      gradient[k]! += 2 * l2 * head[k]!;
    }
    return { value: loss / rows.length + l2 * penalty, gradient };
  };
  const from = start ?? new Float64Array((size + 1) * classes);
  return (await lbfgs(evaluate, from, { maxIterations, valueTolerance: tolerance })).point;
}

/** Writes the logits of a row. */
function scoreInto(scores: Float64Array, head: Float64Array, row: Uint32Array): void {
  const classes = scores.length;
  for (let c = 0; c < classes; c++) scores[c] = head[head.length - classes + c]!;
  for (let w = 0; w < row.length; w++) {
    const at = row[w]! * classes;
    for (let c = 0; c < classes; c++) scores[c]! += head[at + c]!;
  }
}

/** Softmax, in place. */
function toProbabilities(scores: Float64Array): void {
  let most = -Infinity;
  for (let c = 0; c < scores.length; c++) most = Math.max(most, scores[c]!);
  let total = 0;
  for (let c = 0; c < scores.length; c++) {
    scores[c] = Math.exp(scores[c]! - most);
    total += scores[c]!;
  }
  for (let c = 0; c < scores.length; c++) scores[c]! /= total;
}

/** The first of the greatest. */
function answer(head: Float64Array, row: Uint32Array, classes: number): number {
  const scores = new Float64Array(classes);
  scoreInto(scores, head, row);
  return scores.indexOf(Math.max(...scores));
}
