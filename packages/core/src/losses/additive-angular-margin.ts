/**
 * Softmax over classes on the sphere, where the angle to the right class must be smaller by a margin (AAM-softmax, ArcFace).
 *
 * Deng et al. 2018, https://arxiv.org/abs/1801.07698, eq. 3; what it does beyond θ + m = π is the authors' code's.
 */
import {
  add,
  cast,
  greater,
  matMul,
  maximum,
  mul,
  oneHot,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  where,
} from "@tensorflow/tfjs-core";
import { l2Normalize } from "../functions/l2-normalize.js";
import { withoutGradient } from "../gradients/without-gradient.js";
import { crossEntropy } from "./cross-entropy.js";

export interface AdditiveAngularMarginOptions {
  /** m in radians; 0.2 unless told, as is usual for speakers (0.5 for faces in the paper). */
  margin?: number;
  /** s; 30 unless told (64 in the paper). */
  scale?: number;
}

/**
 * The mean over rows of the cross-entropy of s cos(θ + m) at the label and s cos θ elsewhere; θ is the angle between a row and a class.
 * Rows and classes are normalised here.
 */
export function additiveAngularMargin(
  /** [N, D] */
  embeddings: Tensor2D,
  /** [C, D], a learned direction of each class. */
  classes: Tensor2D,
  /** int32 [N] */
  labels: Tensor1D,
  { margin = 0.2, scale = 30 }: AdditiveAngularMarginOptions = {},
): Scalar {
  assertFitting(embeddings, classes, margin);
  const cosines = matMul(l2Normalize(embeddings), l2Normalize(classes), false, true); // [N, C]
  const atLabel = oneHot(labels, classes.shape[0], 1, 0, "float32"); // [N, C]
  const own = sum(mul(cosines, atLabel), 1, true) as Tensor2D; // cos θ [N, 1]
  const logits: Tensor2D = mul(add(cosines, mul(atLabel, sub(withMargin(own, margin), own))), scale);
  return crossEntropy(logits, cast(labels, "int32"));
}

/**
 * cos(θ + m) = cos θ cos m − sin θ sin m. Beyond θ = π − m it would rise again and push rows to the far side: there cos θ − m sin m goes on falling,
 * which is near it at θ = π − m.
 */
function withMargin(cosine: Tensor2D, margin: number): Tensor2D {
  const sine = sqrt(maximum(sub(1, square(cosine)), 1e-9)); // the root has no slope at 0
  const moved = sub(mul(cosine, Math.cos(margin)), mul(sine, Math.sin(margin)));
  const isWithin = withoutGradient(() => greater(cosine, Math.cos(Math.PI - margin)));
  return where(isWithin, moved, sub(cosine, margin * Math.sin(margin))) as Tensor2D;
}

function assertFitting(embeddings: Tensor2D, classes: Tensor2D, margin: number): void {
  if (!(margin >= 0 && margin < Math.PI))
    throw new RangeError(`additiveAngularMargin: margin must be from 0 to π, in radians, got ${margin}.`);
  if (embeddings.rank !== 2 || classes.rank !== 2 || embeddings.shape[1] !== classes.shape[1]) {
    throw new Error(
      `additiveAngularMargin: embeddings must be [N, D] and classes [C, D], got [${embeddings.shape}] and [${classes.shape}].`,
    );
  }
}
