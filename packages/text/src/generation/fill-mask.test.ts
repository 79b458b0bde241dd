import { readFile } from "node:fs/promises";
import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTextModel } from "../models/text-model-files.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { fillMask } from "./fill-mask.js";

const saved = (name: string) => new URL(`../oracles/${name}`, import.meta.url).pathname;
const tokenizer = toyTokenizer(19);

beforeAll(useTestBackend);

describe("fillMask", () => {
  it.each(["saved-bert", "saved-albert"])("has Hugging Face's candidates for each mask: %s", async (name) => {
    const { model } = await loadTextModel(saved(name), createRandom(0));
    const expected = JSON.parse(await readFile(`${saved(name)}/expected.json`, "utf8"));
    const before = memory().numTensors;
    const filled = await fillMask(model, tokenizer, "7 [MASK] 9 [MASK] 11");
    expect(memory().numTensors).toBe(before);
    expect(filled.map((candidates) => candidates.map(({ id }) => id))).toEqual(expected.likeliest);
    for (const [mask, candidates] of filled.entries()) {
      for (const [place, { id, piece, probability }] of candidates.entries()) {
        expect(probability).toBeCloseTo(expected.probabilities[mask][place], 5);
        expect(piece).toBe(tokenizer.piece(id));
      }
    }
    const all = await fillMask(model, tokenizer, "[MASK]", { top: 99 });
    expect(all[0]!.reduce((total, { probability }) => total + probability, 0)).toBeCloseTo(1, 5);
  });

  it("asks for a mask", async () => {
    const { model } = await loadTextModel(saved("saved-bert"), createRandom(0));
    await expect(fillMask(model, tokenizer, "7 8")).rejects.toThrow('the text must hold [MASK], got "7 8"');
    await expect(fillMask(model, toyTokenizer(20), "[MASK]")).rejects.toThrow("20 tokens, got vocab_size 19");
  });
});
