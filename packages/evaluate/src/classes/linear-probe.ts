/**
 * A linear classifier on frozen features: how much of the labels a straight cut finds.
 *
 * Features are standardised by the training rows, or go through a batch norm; the penalty is chosen on validation rows out of the training
 * rows, then the head is fitted again on all of them. The test features are seen once, at the end.
 */
import {
  type FeatureTable,
  type LabelledFeatures,
  type Random,
  rowsByClass,
  type Split,
  selectRows,
  stratifiedFolds,
} from "@autodidact/core";
import type { ProtocolContext } from "../protocol.js";
import { type ClassProtocol, classProtocol } from "./class-protocol.js";
import { lbfgs } from "./lbfgs.js";
import { sgd } from "./sgd.js";
import {
  type LinearHead,
  layerShares,
  logProbabilities,
  type PenalisedLoss,
  penalisedLoss,
  regressionData,
  zeroHead,
} from "./softmax-regression.js";
import { fitBatchNorm, fitScaling, standardize } from "./standardize.js";

export type Normalize = "standardize" | "batch-norm";

export interface LinearProbeOptions {
  solver?: "lbfgs" | "sgd";
  /**
   * What stands before the head: `batch-norm` is one without weight and bias, which MAE's authors put there, for features of very different
   * sizes (He et al. 2021, https://arxiv.org/abs/2111.06377, appendix A.1). By L-BFGS its batch is all training rows, by SGD each mini-batch.
   * `standardize` unless told.
   */
  normalize?: Normalize;
  /**
   * Tables of several layers are read by a weighted sum of these, learned with the head, as SUPERB's probes read them; begun with all alike. Each
   * feature of each layer is made ready as above, so that loud layers do not outweigh others. What each layer counts for stands in `chosen`:
   * `layer0`, `layer1`, …, which sum to 1. Unless told, layers are read side by side, each with weights of its own.
   */
  layerSum?: boolean;
  /** Penalties to choose from; one alone is taken without validation. */
  l2?: readonly number[];
  /** The most iterations of L-BFGS, for each penalty. */
  maxIterations?: number;
  /** The epochs of SGD, for each penalty. */
  epochs?: number;
}

/** Below this many training rows one split is too noisy to choose by, and five are cheap. */
const ONE_SPLIT_FROM = 2000;
const FOLDS = 5;
const L2_GRID = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5];
/** Relative fall of the loss at which a fit ends: choosing a penalty needs less than the head that answers. */
const CHOOSING_TOLERANCE = 1e-5;
const FINAL_TOLERANCE = 1e-6;
/** The reference's; for training sets with a single row in some class, where nothing can be held out. */
const L2_WITHOUT_VALIDATION = 1e-3;

export function linearProbe(options: LinearProbeOptions = {}): ClassProtocol {
  const { solver = "lbfgs", normalize = "standardize", l2 = L2_GRID, maxIterations = 200, epochs = 50 } = options;
  const { layerSum = false } = options;
  if (l2.length === 0 || !l2.every((penalty) => penalty >= 0 && Number.isFinite(penalty))) {
    throw new RangeError(`linearProbe: l2 must hold at least one number, none below 0, got [${l2.join(", ")}].`);
  }
  const grid = [...l2].sort((a, b) => b - a); // strong to weak: each fit starts from its stronger neighbour's
  const fit = solver === "lbfgs" ? fitByLbfgs(maxIterations) : fitBySgd(epochs, normalize);
  const method = { fit, ...scalings(normalize, solver) };

  return classProtocol({
    name: "linear",
    version: 1,
    settings: {
      solver,
      ...(normalize !== "standardize" && { normalize }), // records of before have no word of it
      ...(layerSum && { layer: "a learned sum of all layers" }),
      l2: grid,
      ...(solver === "lbfgs" ? { maxIterations } : { epochs }),
    },
    async predict(given, asked, context) {
      const [train, test] = layerSum ? [given, asked] : [sideBySide(given), sideBySide(asked)];
      const loss = penalisedLoss();
      try {
        const chosen = await chooseL2(train, grid, { ...method, loss, tolerance: CHOOSING_TOLERANCE, ...context });
        const fitting = { ...method, loss, tolerance: FINAL_TOLERANCE, ...context };
        const [head] = await fitPath(method.learning(train), [chosen], fitting);
        const scores = await logProbabilities(method.answering(test, train), train.classes, head!);
        const shares = (layerShares(head!, train) ?? []).map((share, layer) => [`layer${layer}`, share] as const);
        return { labels: greatestOfRows(scores, train.classes), chosen: { l2: chosen, ...Object.fromEntries(shares) } };
      } finally {
        loss.dispose();
      }
    },
  });
}

const sideBySide = <Table extends FeatureTable>(table: Table): Table => ({ ...table, layers: undefined });

/** How rows are made ready to learn from, and rows to be answered by what was learned from others. */
interface Scalings {
  learning(train: LabelledFeatures): LabelledFeatures;
  answering<Table extends FeatureTable>(rows: Table, train: LabelledFeatures): Table;
}

function scalings(normalize: Normalize, solver: "lbfgs" | "sgd"): Scalings {
  if (normalize === "standardize") {
    return {
      learning: (train) => standardize(train, fitScaling(train)),
      answering: (rows, train) => standardize(rows, fitScaling(train)),
    };
  }
  return {
    learning: (train) => (solver === "sgd" ? train : normBatch(train)), // SGD norms its mini-batches
    answering: (rows, train) => standardize(rows, fitBatchNorm(train, "answering")),
  };
}

const normBatch = (batch: LabelledFeatures) => standardize(batch, fitBatchNorm(batch, "learning"));

interface Fitting extends ProtocolContext, Scalings {
  readonly fit: Fit;
  readonly loss: PenalisedLoss;
  readonly tolerance: number;
}
interface FitTask extends ProtocolContext {
  readonly table: LabelledFeatures;
  readonly l2: number;
  readonly start: LinearHead;
  readonly loss: PenalisedLoss;
  readonly tolerance: number;
}
type Fit = (task: FitTask) => Promise<LinearHead>;

const fitByLbfgs =
  (maxIterations: number): Fit =>
  async ({ table, l2, start, loss, tolerance, signal }) => {
    const data = regressionData(table);
    const evaluate = (head: LinearHead) => {
      signal?.throwIfAborted();
      return loss(data, l2, head);
    };
    try {
      return (await lbfgs(evaluate, start, { maxIterations, valueTolerance: tolerance })).point;
    } finally {
      data.features.dispose();
      data.targets.dispose();
    }
  };

const fitBySgd =
  (epochs: number, normalize: Normalize): Fit =>
  ({ table, l2, start, loss, random, signal }) =>
    sgd(table, start, {
      loss,
      l2,
      epochs,
      random: random.split(`sgd ${l2}`),
      signal,
      ...(normalize === "batch-norm" && { normBatch }),
    });

/** One head a penalty. */
async function fitPath(table: LabelledFeatures, path: readonly number[], { fit, ...rest }: Fitting) {
  const heads: LinearHead[] = [];
  for (const l2 of path) {
    const start = heads.at(-1) ?? zeroHead(table);
    heads.push(await fit({ table, l2, start, ...rest }));
  }
  return heads;
}

/** The penalty with the most correct validation rows; of equals, the one with the lower cross-entropy. */
async function chooseL2(train: LabelledFeatures, grid: readonly number[], fitting: Fitting): Promise<number> {
  if (grid.length === 1) return grid[0]!;
  const splits = validationSplits(train, fitting.random.split("validation"));
  if (splits.length === 0) return nearest(grid, L2_WITHOUT_VALIDATION);

  const totals = grid.map(() => ({ correct: 0, crossEntropy: 0 }));
  for (const split of splits) {
    const learning = selectRows(train, split.fit);
    const validating = fitting.answering(selectRows(train, split.validate), learning);
    const heads = await fitPath(fitting.learning(learning), grid, fitting);
    for (const [i, head] of heads.entries()) {
      const scores = await logProbabilities(validating, train.classes, head); // [validate, classes]
      const answers = greatestOfRows(scores, train.classes);
      validating.labels.forEach((label, row) => {
        if (answers[row] === label) totals[i]!.correct += 1;
        totals[i]!.crossEntropy -= scores[row * train.classes + label]!;
      });
    }
  }
  const order = [...grid.keys()].sort(
    (a, b) => totals[b]!.correct - totals[a]!.correct || totals[a]!.crossEntropy - totals[b]!.crossEntropy,
  );
  return grid[order[0]!]!;
}

function validationSplits(train: LabelledFeatures, random: Random): Split[] {
  const seen = rowsByClass(train.labels, train.classes).filter((rows) => rows.length > 0);
  const rarest = Math.min(...seen.map((rows) => rows.length));
  if (rarest < 2) return [];
  const folds = train.count >= ONE_SPLIT_FROM ? FOLDS : Math.min(FOLDS, rarest);
  return stratifiedFolds(train, random, { folds, only: train.count >= ONE_SPLIT_FROM ? 1 : folds });
}

const nearest = (grid: readonly number[], wanted: number) =>
  grid.reduce((best, l2) => (Math.abs(Math.log(l2 / wanted)) < Math.abs(Math.log(best / wanted)) ? l2 : best));

function greatestOfRows(scores: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0;
    for (let i = 1; i < classes; i++) if (scores[row * classes + i]! > scores[row * classes + best]!) best = i;
    return best;
  });
}
