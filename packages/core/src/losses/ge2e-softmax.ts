/**
 * Generalised end-to-end loss: each utterance is near the centre of its speaker's other utterances, far from other speakers' centres.
 *
 * Wan et al. 2017, https://arxiv.org/abs/1710.10467, eq. 4 to 6, 8 and 9, in its softmax form.
 */
import {
  add,
  expandDims,
  matMul,
  maximum,
  minimum,
  mul,
  oneHot,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import { l2Normalize } from "../functions/l2-normalize.js";
import { LEAST_SCALE } from "./angular-prototypical.js";
import { crossEntropy } from "./cross-entropy.js";

export interface Ge2eScores {
  /** w cos of each utterance with each speaker's centre, [N, N]; a column that is no speaker's is far below. */
  readonly logits: Tensor2D;
  /** 1 for each utterance that has another of its speaker beside it, else 0: [N]. Only those are judged; all are in centres. */
  readonly counts: Tensor1D;
}

/**
 * The mean over utterances (eq. 10 has the sum) of −log softmax of their scores at their own speaker. The paper's batches hold as many utterances
 * of each speaker; here any may, and one that is alone is a centre for others but is not judged itself: 0 where all are. The paper's offset b cancels
 * in the softmax and is left out.
 */
export function ge2eSoftmax(
  /** [N, D] */
  embeddings: Tensor2D,
  /** Who speaks, int32 [N], from 0 to N − 1. */
  speakers: Tensor1D,
  /** w, a scalar, learned; the authors start from 10. */
  scale: Tensor,
): Scalar {
  const { logits, counts } = ge2eScores(embeddings, speakers, scale);
  return crossEntropy(logits, speakers, { rowWeights: counts });
}

/** The scores of eq. 9: an utterance is left out of the centre of its own speaker, so that it is not compared with itself. */
export function ge2eScores(embeddings: Tensor2D, speakers: Tensor1D, scale: Tensor): Ge2eScores {
  assertLabelled(embeddings, speakers);
  const n = embeddings.shape[0];
  const e = l2Normalize(embeddings); // eq. 4: [N, D]
  const isOf = oneHot(speakers, n, 1, 0, "float32") as Tensor2D; // [N, N]: utterances × speakers
  const totals = matMul(isOf, e, true); // [N, D]: a centre's length does not matter to its cosine
  const utterances = sum(isOf, 0); // of each speaker, [N]

  const whole = matMul(e, l2Normalize(totals), false, true); // [N, N]
  const others = l2Normalize(sub(matMul(isOf, totals), e)); // eq. 8: [N, D]
  const own = sum(mul(e, others), 1, true); // [N, 1]
  const cosines = add(whole, mul(isOf, sub(own, whole)));
  const isNobody = sub(1, minimum(utterances, 1)); // [N]
  const logits: Tensor2D = sub(mul(cosines, maximum(scale, LEAST_SCALE)), mul(isNobody, 1e9));
  const beside = sub(reshape(matMul(isOf, expandDims<Tensor2D>(utterances, 1)), [n]), 1); // others of one's speaker, [N]
  return { logits, counts: minimum(beside, 1) as Tensor1D };
}

function assertLabelled({ shape, rank }: Tensor2D, speakers: Tensor1D): void {
  if (rank === 2 && speakers.rank === 1 && speakers.shape[0] === shape[0] && speakers.dtype === "int32") return;
  throw new Error(
    `ge2eSoftmax: embeddings must be [N, D] and speakers int32 [N], got [${shape}] and ${speakers.dtype} [${speakers.shape}].`,
  );
}
