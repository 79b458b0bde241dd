/**
 * How fast this machine trains, from a few steps that are thrown away.
 */
import { cached, loader, namedVariables, train } from "@autodidact/core";
import { openPretrainData } from "./pretrain-data.js";
import type { PretrainSettings } from "./pretrain-settings.js";
import { pretrainingParts } from "./pretraining-parts.js";

/** The first traces and compiles. */
const TRIAL_STEPS = 5;

/** Images a second; undefined where the signal came first. */
export async function measurePace(settings: PretrainSettings, signal: AbortSignal): Promise<number | undefined> {
  const { method, optimizer, random } = pretrainingParts(settings);
  const dataset = cached(await openPretrainData(settings.data));
  const training = train({
    method,
    loader: loader(dataset, { batchSize: settings.batchSize, random }),
    optimizer,
    learningRate: 0,
    steps: TRIAL_STEPS,
    random,
    signal,
  });
  let pace: number | undefined;
  for await (const { samplesPerSecond } of training) pace = samplesPerSecond;
  training.dispose();
  for (const kind of ["parameters", "buffers"] as const) {
    for (const variable of Object.values(namedVariables(method.learned, kind))) variable.dispose();
  }
  for (const variable of Object.values(optimizer.state)) variable.dispose();
  return pace;
}
