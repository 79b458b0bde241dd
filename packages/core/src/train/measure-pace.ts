/**
 * How fast this machine trains, from a few steps that are thrown away.
 */
import { namedVariables } from "../modules/module.js";
import type { Learner } from "./learner.js";
import { train } from "./train.js";

/** The first traces and compiles. */
const TRIAL_STEPS = 5;

/** Samples a second; undefined where the signal came first. Uses the learner up. */
export async function measurePace(learner: Learner, signal: AbortSignal): Promise<number | undefined> {
  const { method, loader, optimizer, random } = learner;
  const training = train({ method, loader, optimizer, learningRate: 0, steps: TRIAL_STEPS, random, signal });
  let pace: number | undefined;
  for await (const { samplesPerSecond } of training) pace = samplesPerSecond;
  training.dispose();
  await learner.dispose();
  for (const kind of ["parameters", "buffers"] as const) {
    for (const variable of Object.values(namedVariables(method.learned, kind))) variable.dispose();
  }
  for (const variable of Object.values(optimizer.state)) variable.dispose();
  return pace;
}
