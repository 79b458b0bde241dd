import { type Tensor1D, type Tensor2D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import type { TextsBatch } from "../finetuning/sequence-classifier.js";
import type { Oracle } from "./oracle.js";

/** The texts of a case that Hugging Face classified, and their labels. */
export function classifiedBatch(oracle: Oracle): { batch: TextsBatch & { seen: Tensor2D }; labels: Tensor1D } {
  const ids = oracle.tensor<Tensor2D>("batch.ids");
  const lengths = oracle.numbers("batch.lengths");
  const [n, length] = ids.shape;
  const seen = Array.from({ length: n * length }, (_, place) => place % length < lengths[Math.floor(place / length)]!);
  const last = lengths.map((own, row) => row * length + own - 1);
  const batch = { ids, last: tensor1d(last, "int32"), seen: tensor2d(seen, [n, length], "bool") };
  return { batch, labels: oracle.tensor<Tensor1D>("batch.labels") };
}
