import { readFile } from "node:fs/promises";
import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory, reshape, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTextModel } from "../models/text-model-files.js";
import type { CausalModel } from "../models/token-model.js";
import { chooseToken } from "./choose-token.js";
import { type GenerateOptions, generate } from "./generate.js";

const folder = new URL("../oracles/saved-gpt2", import.meta.url).pathname;
let model: CausalModel;
let expected: { prompt: number[]; continued: number[] };

beforeAll(async () => {
  await useTestBackend();
  model = (await loadTextModel(folder, createRandom(0))).model as CausalModel;
  expected = JSON.parse(await readFile(`${folder}/expected.json`, "utf8"));
});

async function collected(prompt: number[], options: GenerateOptions): Promise<number[]> {
  const ids: number[] = [];
  for await (const id of generate(model, prompt, options)) ids.push(id);
  return ids;
}

/** The scores after the window, all of it read at once. */
function scoresAfter(window: readonly number[]): Float32Array {
  return tidy(() => {
    const states = model.encoder.hiddenStates({ ids: tensor2d([...window], [1, window.length], "int32") });
    const scores = model.scoreTokens(reshape(states, [window.length, -1]));
    return Float32Array.from(scores.dataSync().slice(-19));
  });
}

describe("generate", () => {
  it("continues greedily as Hugging Face's generate", async () => {
    expect(await collected(expected.prompt, { maxTokens: 9, temperature: 0 })).toEqual(expected.continued);
  });

  it("remembers exactly what it would read again, also when its places are full", async () => {
    const options = { temperature: 0.8, topK: 12, topP: 0.95 };
    const made = await collected([7, 3], { ...options, maxTokens: 40, random: createRandom(3) });
    const random = createRandom(3);
    let window = [7, 3];
    for (const id of made) {
      expect(chooseToken(scoresAfter(window), random, options)).toBe(id);
      window.push(id);
      if (window.length > 12) window = window.slice(-6); // of 12 places the last half
    }
    expect(made).toHaveLength(40);
  });

  it("begins a prompt that is too long with its last half", async () => {
    const long = Array.from({ length: 30 }, (_, i) => (5 * i) % 19);
    const greedy = { maxTokens: 4, temperature: 0 };
    expect(await collected(long, greedy)).toEqual(await collected(long.slice(-6), greedy));
  });

  it("gives the same for the same seed, and another for another", async () => {
    const drawn = (seed: number) => collected([7], { maxTokens: 10, random: createRandom(seed) });
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(1)).not.toEqual(await drawn(2));
  });

  it("ends at the token told, at the signal, and at once for nothing", async () => {
    const { continued } = expected;
    const place = continued.findIndex((id) => id !== continued[0]);
    expect(place).toBeGreaterThan(0);
    expect(await collected(expected.prompt, { maxTokens: 9, temperature: 0, stopAt: continued[place] })).toEqual(
      continued.slice(0, place + 1),
    );
    const controller = new AbortController();
    const ids: number[] = [];
    const options = { maxTokens: 9, temperature: 0, signal: controller.signal };
    for await (const id of generate(model, expected.prompt, options)) {
      ids.push(id);
      if (ids.length === 2) controller.abort();
    }
    expect(ids).toEqual(expected.continued.slice(0, 2));
    expect(await collected(expected.prompt, { maxTokens: 0, temperature: 0 })).toEqual([]);
  });

  it("leaves no tensors behind, also when its reader turns away", async () => {
    await collected([7], { maxTokens: 3, temperature: 0 });
    const before = memory().numTensors;
    for await (const id of generate(model, [7], { maxTokens: 30, temperature: 0 })) if (id >= 0) break;
    expect(memory().numTensors).toBe(before);
  });

  it("says what a prompt must be", async () => {
    await expect(collected([], { maxTokens: 1 })).rejects.toThrow("the prompt must have a token");
    await expect(collected([19], { maxTokens: 1 })).rejects.toThrow("from 0 to 18, got 19");
  });
});
