/**
 * An order in which neighbours are of like size, so that batches need little padding; as Hugging Face's `group_by_length`
 * (https://github.com/huggingface/transformers, trainer_pt_utils.py, get_length_grouped_indices), batches in random order.
 */
import type { Random } from "../random.js";

/** Batches sorted together: enough to find like sizes, few enough that an epoch's batches differ from the last one's. */
const batchesTogether = 50;

/**
 * Every index once. Full batches of `batchSize` come first, in random order; then what is left over, drawn from all sizes alike.
 */
export function groupedOrder(sizes: ArrayLike<number>, batchSize: number, random: Random): Uint32Array {
  const shuffled = random.permutation(sizes.length);
  const batches = Math.floor(sizes.length / batchSize);
  const inFull = batches * batchSize;
  for (let start = 0; start < inFull; start += batchesTogether * batchSize) {
    const end = Math.min(inFull, start + batchesTogether * batchSize);
    shuffled.subarray(start, end).sort((a, b) => sizes[a]! - sizes[b]! || a - b);
  }

  const order = new Uint32Array(sizes.length);
  for (const [place, batch] of random.split("batches").permutation(batches).entries())
    order.set(shuffled.subarray(batch * batchSize, (batch + 1) * batchSize), place * batchSize);
  order.set(shuffled.subarray(inFull), inFull);
  return order;
}
