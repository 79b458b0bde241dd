/**
 * A process that saves checkpoint after checkpoint, each one more step, until it is killed. Argument: the folder.
 *
 * Prints `resumed N` when it has read what is there and `saved N` when a checkpoint is committed.
 */
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { openCheckpoints } from "../checkpoint/checkpoint-store.js";
import { storeFloats } from "../safetensors/stored-tensor.js";

const store = await openCheckpoints(process.argv[2]!, { keepLast: 2, keepBest: "lowest" });
const { checkpoint, damaged } = await store.latest();
if (damaged.length > 0) throw new Error(`damaged: ${JSON.stringify(damaged)}`);
let step = checkpoint?.step ?? 0;
process.stdout.write(`resumed ${step}\n`);

while (true) {
  step += 1;
  await store.save(filledWith(step));
  process.stdout.write(`saved ${step}\n`);
}

function filledWith(step: number): Checkpoint {
  const tensors = new Map(
    ["a", "b", "c"].map((name) => [name, storeFloats(new Float32Array(20_000).fill(step), [20_000])]),
  );
  return { step, score: Math.abs(step - 3), state: { step }, tensors: { learned: tensors, optimizer: tensors } };
}
