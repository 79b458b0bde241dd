/**
 * Generalised end-to-end loss: each utterance is near the centre of its speaker's other utterances, far from other speakers' centres.
 *
 * Wan et al. 2017, https://arxiv.org/abs/1710.10467, eq. 4 to 6, 8 and 9, in its softmax form.
 */
import {
  add,
  div,
  expandDims,
  matMul,
  maximum,
  mul,
  oneHot,
  range,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tile,
} from "@tensorflow/tfjs-core";
import { l2Normalize } from "../functions/l2-normalize.js";
import { LEAST_SCALE } from "./angular-prototypical.js";
import { crossEntropy } from "./cross-entropy.js";

export interface Ge2eScores {
  /** w cos, [S·U, S]: of each utterance, speaker after speaker, with each centre. */
  readonly logits: Tensor2D;
  /** Its speaker, int32 [S·U]. */
  readonly speakers: Tensor1D;
}

/**
 * The mean over utterances (the paper has the sum, eq. 10) of −log softmax of their scores at their own speaker. embeddings [S, U, D]: U ≥ 2
 * utterances of each of S speakers. The paper's offset b cancels in the softmax and is left out.
 */
export function ge2eSoftmax(
  embeddings: Tensor3D,
  /** w, a scalar, learned; the authors start from 10. */ scale: Tensor,
): Scalar {
  const { logits, speakers } = ge2eScores(embeddings, scale);
  return crossEntropy(logits, speakers);
}

/** The scores of eq. 9: an utterance is left out of the centre of its own speaker, so that it is not compared with itself. */
export function ge2eScores(embeddings: Tensor3D, scale: Tensor): Ge2eScores {
  assertGrouped(embeddings);
  const [speakers, utterances, size] = embeddings.shape;
  const count = speakers * utterances;
  const e = l2Normalize(embeddings); // eq. 4: [S, U, D]
  const total = sum(e, 1, true) as Tensor3D; // [S, 1, D]; a centre's length does not matter to its cosine
  const centres: Tensor2D = reshape(l2Normalize(total), [speakers, size]);
  const others = l2Normalize(div(sub(total, e), utterances - 1)); // eq. 8: [S, U, D]

  const whole = matMul(reshape(e, [count, size]) as Tensor2D, centres, false, true); // [S·U, S]
  const own = reshape(sum(mul(e, others), 2), [count, 1]); // [S·U, 1]
  const indices = reshape(tile(expandDims(range(0, speakers, 1, "int32"), 1), [1, utterances]), [count]) as Tensor1D;
  const isOwn = oneHot(indices, speakers, 1, 0, "float32"); // [S·U, S]
  const cosines = add(whole, mul(isOwn, sub(own, whole)));
  return { logits: mul(cosines, maximum(scale, LEAST_SCALE)), speakers: indices };
}

function assertGrouped({ rank, shape }: Tensor3D): void {
  if (rank === 3 && shape[1] >= 2) return;
  throw new Error(
    `ge2eSoftmax: embeddings must be [speakers, utterances, D] with at least 2 utterances of each speaker, got [${shape}].`,
  );
}
