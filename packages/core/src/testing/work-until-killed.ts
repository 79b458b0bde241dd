/**
 * Works on the run in the folder it is given, and says so step by step; a checkpoint every third. Ends without closing the run after
 * as many steps as it is told, if it is told.
 */
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { createRun } from "../run/run.js";

const [folder, steps = "1000000"] = process.argv.slice(2);
const run = await createRun(folder!, { method: "toy", steps: 100 });
const log = await run.log({ resumeFrom: 0 });
for (let step = 1; step <= Number(steps); step += 1) {
  await log.append({ step, loss: 1 / step });
  if (step % 3 === 0) {
    await run.checkpoints.save({ step, tensors: {}, state: {} });
  }
  process.stdout.write(`step ${step}\n`);
  await wait(20);
}
