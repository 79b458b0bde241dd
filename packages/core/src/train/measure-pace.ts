/**
 * How fast this machine trains, from a few steps that are thrown away.
 */
import type { Learner } from "./learner.js";
import { releaseVariables } from "./release-variables.js";
import { train } from "./train.js";

/** The first traces and compiles. */
const TRIAL_STEPS = 5;

/** Samples a second; undefined where the signal came first. Uses the learner up. `steps`: how many are made, 5 unless told; the first is not counted. */
export async function measurePace(
  learner: Learner,
  signal: AbortSignal,
  steps = TRIAL_STEPS,
): Promise<number | undefined> {
  const { method, loader, optimizer, random } = learner;
  const training = train({ method, loader, optimizer, learningRate: 0, steps, random, signal });
  let pace: number | undefined;
  for await (const { samplesPerSecond } of training) pace = samplesPerSecond;
  training.dispose();
  await learner.dispose();
  releaseVariables(learner);
  return pace;
}
