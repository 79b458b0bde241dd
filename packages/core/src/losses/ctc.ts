/**
 * Connectionist temporal classification: the probability of a label sequence, summed over all its alignments with the frames.
 *
 * Graves et al. 2006, https://www.cs.toronto.edu/~graves/icml_2006.pdf; torch.nn.functional.ctc_loss with `reduction="none"`.
 */
import {
  engine,
  mul,
  type NamedTensorMap,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { hasKernel } from "../engine/has-kernel.js";
import { withGradient } from "../gradients/with-gradient.js";
import type { CtcLabels } from "./ctc-forward-backward.js";
import { forwardBackward, MOST_COMPOSED_FRAMES } from "./ctc-forward-backward.js";

export type { CtcLabels };

const KERNEL = "CtcLoss";

/**
 * −ln p(labels | logits) of each utterance, [N]. logits [N, F, V], finite, before softmax; label 0 is the blank. Infinite where the labels do
 * not fit the frames (`ctcPossible`): a step with such an utterance is refused, so filter them before training.
 */
export function ctcLoss(logits: Tensor3D, labels: CtcLabels): Tensor1D {
  assertFits(logits, labels);
  const lossAndSlope = hasKernel(KERNEL) ? byKernel : forwardBackward;
  return withGradient(
    [logits],
    (keep: (...tensors: [Tensor3D]) => void) => {
      const { losses, slope } = lossAndSlope(logits, labels);
      keep(slope);
      return losses;
    },
    (dy, [slope]) => [mul(slope, reshape(dy, [-1, 1, 1]))],
  );
}

/** Frames that a label sequence takes at least: one each, and a blank between two that are alike. */
export function ctcFramesNeeded(label: ArrayLike<number>): number {
  let needed = label.length;
  for (let i = 1; i < label.length; i += 1) if (label[i] === label[i - 1]) needed += 1;
  return needed;
}

/** Whether any alignment exists; the loss is infinite where none does. */
export function ctcPossible(frames: number, label: ArrayLike<number>): boolean {
  return ctcFramesNeeded(label) <= frames;
}

function byKernel(logits: Tensor3D, { labels, lengths, frames }: CtcLabels): { losses: Tensor1D; slope: Tensor3D } {
  const inputs = { logits, labels, lengths, frames } as unknown as NamedTensorMap;
  const [losses, slope] = engine().runKernel<Tensor[]>(KERNEL, inputs);
  return { losses: losses as Tensor1D, slope: slope as Tensor3D };
}

function assertFits(logits: Tensor3D, { labels, lengths, frames }: CtcLabels): void {
  const [rows, most] = logits.shape;
  const isRows = (vector: Tensor1D) => vector.rank === 1 && vector.shape[0] === rows;
  if (logits.rank !== 3 || labels.rank !== 2 || labels.shape[0] !== rows || !isRows(lengths) || !isRows(frames)) {
    throw new Error(
      "ctcLoss: logits must be [N, F, V], labels [N, L], lengths and frames [N], " +
        `got [${logits.shape}], [${labels.shape}], [${lengths.shape}] and [${frames.shape}]. Pad the labels of a batch to one length.`,
    );
  }
  const strange = [labels, lengths, frames].find(({ dtype }) => dtype !== "int32");
  if (strange) throw new Error(`ctcLoss: labels, lengths and frames must be int32, got ${strange.dtype}.`);
  if (labels.shape[1] === 0 || logits.shape.includes(0)) {
    throw new Error(
      `ctcLoss: there must be an utterance, a frame and place for a label, got logits [${logits.shape}] and labels [${labels.shape}]. ` +
        "Pad empty labels to one place.",
    );
  }
  if (!hasKernel(KERNEL) && most > MOST_COMPOSED_FRAMES) {
    throw new RangeError(
      `ctcLoss: without the engine's kernels there may be ${MOST_COMPOSED_FRAMES} frames at most, got ${most}. ` +
        "Cut the recordings shorter, or install the kernels.",
    );
  }
}
