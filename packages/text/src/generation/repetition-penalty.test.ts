import { readFile } from "node:fs/promises";
import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTextModel } from "../models/text-model-files.js";
import type { CausalModel } from "../models/token-model.js";
import { generate } from "./generate.js";
import { penalizeRepetition } from "./repetition-penalty.js";

/** Written by tools/oracles/generation_oracles.py. */
const folder = new URL("../oracles/saved-gpt2", import.meta.url).pathname;
let expected: {
  prompt: number[];
  continued: Record<string, number[]>;
  scores: number[];
  seen: number[];
  penalized: number[];
};

beforeAll(async () => {
  await useTestBackend();
  expected = JSON.parse(await readFile(`${folder}/penalized.json`, "utf8"));
});

describe("penalizeRepetition", () => {
  it("by hand: divides what is above 0, multiplies what is below", () => {
    expect([...penalizeRepetition(Float32Array.of(3, -3, 3), [0, 1, 0], 1.5)]).toEqual([2, -4.5, 3]);
  });

  it("is transformers' processor", () => {
    const penalized = penalizeRepetition(Float32Array.from(expected.scores), expected.seen, 1.25);
    for (const [id, score] of expected.penalized.entries()) expect(penalized[id]).toBeCloseTo(score, 6);
  });

  it("lets generate write as transformers' generate with repetition_penalty", async () => {
    const model = (await loadTextModel(folder, createRandom(0))).model as CausalModel;
    for (const [penalty, continued] of Object.entries(expected.continued)) {
      const ids: number[] = [];
      const options = { maxTokens: 8, temperature: 0, repetitionPenalty: Number(penalty) };
      for await (const id of generate(model, expected.prompt, options)) ids.push(id);
      expect([penalty, ...ids]).toEqual([penalty, ...continued]);
    }
  });

  it("refuses what is no penalty", () => {
    expect(() => penalizeRepetition(new Float32Array(1), [], 0)).toThrow(
      "repetitionPenalty must be a number above 0, got 0",
    );
  });
});
