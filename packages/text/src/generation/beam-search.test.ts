import { readFile } from "node:fs/promises";
import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory as tensors } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTextModel } from "../models/text-model-files.js";
import type { CausalModel } from "../models/token-model.js";
import { type BeamSearchOptions, beamSearch } from "./beam-search.js";
import { type CausalMemory, causalMemory } from "./causal-memory.js";
import { generate } from "./generate.js";

interface GenerateCase extends Required<Pick<BeamSearchOptions, "beams" | "maxTokens" | "lengthPenalty">> {
  readonly prompt: number[];
  readonly stopAt: number;
  readonly texts: number[][];
  readonly scores: number[] | null;
}

const folder = new URL("../oracles/saved-gpt2", import.meta.url).pathname;
let model: CausalModel;
let memory: CausalMemory;
let cases: GenerateCase[];

beforeAll(async () => {
  await useTestBackend();
  model = (await loadTextModel(folder, createRandom(0))).model as CausalModel;
  memory = causalMemory(model);
  cases = JSON.parse(await readFile(`${folder}/beams.json`, "utf8"));
});
afterAll(() => memory.dispose());

/** Two texts a step: the first token decides, and the better second token stands behind the worse first. */
function madeMemory(): CausalMemory {
  const after: Record<string, number[]> = { "": [0.6, 0.4, 0], "0": [0.5, 0.4, 0.1], "1": [0.1, 0, 0.9] };
  let texts = [""];
  const scores = (all: readonly string[]) =>
    Float32Array.from(all.flatMap((text) => (after[text] ?? [0.2, 0.2, 0.6]).map((share) => Math.log(share + 1e-9))));
  return {
    read: async () => scores(texts),
    readNext: async () => scores(texts),
    async readEach(ids, from) {
      texts = ids.map((id, place) => `${texts[from[place]!]}${id}`);
      return scores(texts);
    },
    dispose: () => {},
  };
}

describe("beamSearch", () => {
  it("by hand: two beams find 1 2 with 0.4 · 0.9, where the likeliest token at each step ends in 0.6 · 0.5", async () => {
    const asked = { maxTokens: 2, lengthPenalty: 0 };
    const [greedy] = await beamSearch(madeMemory(), [0], { ...asked, beams: 1 });
    expect([greedy!.ids, greedy!.score]).toEqual([[0, 0], expect.closeTo(Math.log(0.6 * 0.5), 5)]);
    const [best, second] = await beamSearch(madeMemory(), [0], { ...asked, beams: 2 });
    expect([best!.ids, best!.score]).toEqual([[1, 2], expect.closeTo(Math.log(0.4 * 0.9), 5)]);
    expect([second!.ids, second!.score]).toEqual([[0, 0], expect.closeTo(Math.log(0.6 * 0.5), 5)]);
  });

  it("finds the texts and scores that Hugging Face's generate finds", async () => {
    for (const { prompt, texts, scores, ...options } of cases) {
      const found = await beamSearch(memory, prompt, options);
      const what = JSON.stringify({ prompt, ...options });
      expect(
        found.map(({ ids }) => ids),
        what,
      ).toEqual(texts);
      for (const [place, score] of (scores ?? []).entries()) expect(found[place]!.score, what).toBeCloseTo(score, 3);
    }
  });

  it("of one beam is what generate writes at temperature 0", async () => {
    const { prompt } = cases[0]!;
    const written: number[] = [];
    for await (const id of generate(model, prompt, { maxTokens: 6, temperature: 0 })) written.push(id);
    const [found] = await beamSearch(memory, prompt, { beams: 1, maxTokens: 6 });
    expect(found!.ids).toEqual(written);
  });

  it("leaves no tensors behind but what it remembers, ends at the signal, and says what it wants", async () => {
    const asked = { beams: 3, maxTokens: 4 };
    await beamSearch(memory, [7], asked);
    const before = tensors().numTensors;
    await beamSearch(memory, [7], asked);
    expect(tensors().numTensors).toBe(before);
    await expect(
      beamSearch(memory, [7], { ...asked, signal: AbortSignal.abort(new Error("by hand")) }),
    ).rejects.toThrow("by hand");
    await expect(beamSearch(memory, [7], { ...asked, beams: 0 })).rejects.toThrow(
      "beams must be a whole number from 1, got 0",
    );
  });
});
