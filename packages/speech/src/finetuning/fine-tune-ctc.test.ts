import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chooseEngine, createRandom, editDistance, saveEncoder, weightsHash } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Transcriber, transcribe, transcriber } from "../decoding/transcribe.js";
import { frameTransformer } from "../encoders/frame-transformer.js";
import { saveSpeechEncoder } from "../encoders/speech-encoder-files.js";
import { encoderFrontEnd } from "../features/log-mel.js";
import type { Sound } from "../sound.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { toneWords } from "../testing/tone-words.js";
import type { CtcModel } from "./ctc-model.js";
import { loadCtcModel } from "./ctc-model-files.js";
import { type CtcProgress, type FineTuneCtcOptions, type FineTunedCtc, fineTuneCtc } from "./fine-tune-ctc.js";

const folder = useTemporaryFolder();
const frontEnd = encoderFrontEnd({ sampleRate: 8000, bands: 12 });
const small = () => frameTransformer({ frontEnd, width: 32, layers: 1, heads: 2, stack: 2, random: createRandom(0) });
const test = toneWords(40, { seed: 2 });

beforeAll(async () => {
  await chooseEngine({ engine: "onnx" });
  await saveSpeechEncoder(small(), folder.path("encoder"));
});
afterAll(useTestBackend);

const errorRate = ({ found, right }: Pick<FineTunedCtc, "found" | "right">) => {
  const wrong = found.reduce((sum, text, n) => sum + editDistance([...text], [...right[n]!]), 0);
  return wrong / right.join("").length;
};

async function all(data: { train: readonly Sound[]; validation?: readonly Sound[] }, options: FineTuneCtcOptions = {}) {
  const results: FineTunedCtc[] = [];
  for await (const result of fineTuneCtc(folder.path("encoder"), { ...data, test }, options)) results.push(result);
  return results;
}

describe("fineTuneCtc", () => {
  it("learns words of tones, from scratch too, and names what is too short", { timeout: 60_000 }, async () => {
    const tooLong = { ...toneWords(1, { seed: 3 })[0]!, id: "long.wav", transcript: "abcd".repeat(40) };
    const told: CtcProgress[] = [];
    const out = folder.path("model");
    const results = await all(
      { train: [...toneWords(200), tooLong], validation: toneWords(20, { seed: 4 }) },
      { epochs: 12, batchSize: 16, learningRate: 8e-3, validations: 3, out, onProgress: (one) => void told.push(one) },
    );
    expect(results.map(({ contender, seed }) => [contender, seed])).toEqual([
      ["pretrained", 0],
      ["from scratch", 0],
    ]);
    for (const result of results) {
      expect(errorRate(result)).toBeLessThan(0.2);
      expect(result.right).toEqual(test.map(({ transcript }) => transcript));
      expect(result.tooShort).toEqual([{ id: "long.wav", frames: expect.any(Number), needed: 160 }]);
      const looks = told.filter(
        ({ contender, validation }) => contender === result.contender && validation !== undefined,
      );
      expect(looks.map(({ report }) => report!.step)).toEqual([50, 100, 150]);
      const best = Math.min(...looks.map(({ validation }) => validation!));
      expect(result.chosen).toEqual({
        step: looks.findLast(({ validation }) => validation === best)!.report!.step,
        validation: best,
      });
    }

    const loaded = await loadCtcModel(out);
    expect(loaded.vocabulary.tokens).toEqual(["<pad>", "|", "a", "b", "c", "d"]);
    const vocab = JSON.parse(await readFile(join(out, "vocab.json"), "utf8"));
    expect(vocab).toEqual({ "<pad>": 0, "|": 1, a: 2, b: 3, c: 4, d: 5 });
    const own = transcriber(loaded);
    expect((await own.transcribe(test)).map(({ text }) => text)).toEqual(results[0]!.found);
    await timesAreThoseOfTheTones(own);
    own.dispose();
    await longRecordingsAreHeardWhole(loaded);
  });

  it("draws a share of the labels, validation included, and leaves a frozen encoder as it is", {
    timeout: 60_000,
  }, async () => {
    const train = toneWords(40);
    const told = new Set<number>();
    const out = folder.path("frozen");
    const asked = { share: 0.5, epochs: 1, batchSize: 4, validations: 1, encoderRate: 0, allLayers: true, out };
    const [first] = await all({ train }, { ...asked, onProgress: ({ steps }) => void (steps && told.add(steps)) });
    expect([...told]).toEqual([100]); // the least
    expect(first!.chosen.step).toBe(100);
    const { encoder, parameters } = await loadCtcModel(out);
    expect(await weightsHash(encoder)).toBe(await weightsHash(small()));
    const shares = [...parameters.layer_weights!.dataSync()];
    expect(shares).toHaveLength(2);
    expect(shares[0]).not.toBe(0); // learned
  });

  it("refuses what it cannot learn from", async () => {
    const [sound] = toneWords(1) as [Sound];
    const long = { ...sound, transcript: "ab".repeat(99) };
    await expect(all({ train: [long, long], validation: [sound] })).rejects.toThrow("none of 2 does (words-0.wav: 198");
    await expect(all({ train: [sound, sound] }, { share: 2 })).rejects.toThrow("share must be above 0, to 1, got 2");
    await expect(all({ train: [sound] })).rejects.toThrow("two training recordings at least, got 1");
    const { transcript: _, ...silent } = sound;
    await expect(all({ train: [silent] })).rejects.toThrow(
      "every recording must have a transcript, and words-0.wav has none",
    );
    await saveEncoder(small(), folder.path("plain"));
    await expect(loadCtcModel(folder.path("plain"))).rejects.toThrow('and holds "frame-transformer"');
  });
});

/** A word behind a pause begins where its first tone does, to two frames (20 ms each). */
async function timesAreThoseOfTheTones(own: Transcriber): Promise<void> {
  const lead = 0.08;
  const single = toneWords(20, { seed: 5, lead, isLeadSure: true, words: 1 });
  const found = await own.transcribe(single);
  const right = found.filter(({ words }, n) => words.length === 1 && words[0]!.word === single[n]!.transcript);
  expect(right.length).toBeGreaterThan(single.length / 2);
  for (const { words } of right) {
    expect(words[0]!.start).toBeGreaterThan(lead - 0.02);
    expect(words[0]!.start).toBeLessThan(lead + 0.02 + 0.04);
    expect(words[0]!.confidence).toBeGreaterThan(0.3);
    expect(words[0]!.confidence).toBeLessThanOrEqual(1);
  }
}

/** A recording of many words is heard in windows, each word once, though the model has learned from short ones alone. */
async function longRecordingsAreHeardWhole(model: CtcModel): Promise<void> {
  const long = toneWords(4, { seed: 6, words: 25 }).reduce((a, b) => (b.samples.length > a.samples.length ? b : a));
  const seconds = long.samples.length / 8000;
  expect(seconds).toBeGreaterThan(4 * model.longestSeconds!);
  const { text, words } = await transcribe(model, long);
  const letters = (of: string) => [...of.replaceAll(" ", "")]; // where words end takes longer to learn than 150 steps
  const right = letters(long.transcript!);
  expect(editDistance(letters(text), right) / right.length).toBeLessThan(0.15);
  expect(words.map(({ word }) => word).join(" ")).toBe(text);
  for (const [i, { start, end }] of words.entries()) {
    expect(end).toBeGreaterThan(start);
    if (i > 0) expect(start).toBeGreaterThanOrEqual(words[i - 1]!.end);
  }
  expect(words.at(-1)!.end).toBeGreaterThan(seconds - 0.3);
  expect(words.at(-1)!.end).toBeLessThanOrEqual(seconds);
}
