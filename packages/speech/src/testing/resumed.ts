/**
 * Whether a run that stops and goes on ends as one that does not: every bit of weights, optimizer and what the method carries.
 */
import {
  adamW,
  createRandom,
  floatsOf,
  loader,
  type Method,
  namedVariables,
  type Random,
  type Tensors,
  type Training,
  train,
} from "@autodidact/core";
import { expect } from "vitest";
import type { Sound } from "../sound.js";

const steps = 4;

/** Two updates, a stop, and two more in a method built from another seed, against four at once. */
export async function expectResumes<Batch extends Tensors>(
  make: (random: Random) => Method<Sound, Batch>,
  sounds: readonly Sound[],
): Promise<void> {
  const whole = begin(make(createRandom(1)), sounds);
  for await (const _ of whole);
  const first = begin(make(createRandom(1)), sounds);
  for await (const { step } of first) if (step === steps / 2) break;
  const stopped = await first.checkpoint();
  expect(stopped.step).toBe(steps / 2);

  const second = begin(make(createRandom(99)), sounds);
  second.restore(stopped);
  for await (const _ of second);
  const [expected, actual] = [await whole.checkpoint(), await second.checkpoint()];
  expect(actual.state).toEqual(expected.state);
  for (const [group, tensors] of Object.entries(expected.tensors)) {
    for (const [name, tensor] of tensors) {
      const ours = floatsOf(actual.tensors[group]!.get(name)!);
      expect(ours, `${group} ${name}`).toEqual(floatsOf(tensor));
    }
  }
  for (const run of [whole, first, second]) run.dispose();
}

function begin<Batch extends Tensors>(method: Method<Sound, Batch>, sounds: readonly Sound[]): Training {
  const dataset = { length: sounds.length, get: async (index: number) => sounds[index]! };
  return train({
    method,
    loader: loader(dataset, { batchSize: 2, random: createRandom(7) }),
    optimizer: adamW(namedVariables(method.learned, "parameters"), {}),
    learningRate: 1e-3,
    steps,
    random: createRandom(8),
  });
}
