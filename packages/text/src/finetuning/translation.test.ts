import { createRandom, lossOf } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { logSoftmax, reshape, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import { gpt2LMHeadModel } from "../models/gpt2.js";
import { withRows } from "../models/with-rows.js";
import { smallGpt2 } from "../testing/small-models.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { trainByteBpe } from "../tokenizer/train-byte-bpe.js";
import { trainCharacters } from "../tokenizer/train-characters.js";
import { withSeparatorAndEnd } from "../tokenizer/with-special-tokens.js";
import { translation, translationWindow } from "./translation.js";
import { translator } from "./translator.js";

const toy = toyTokenizer(23);
const tokenizer = { ...toy, special: { ...toy.special, endOfText: 1 } };
const pairs = [
  { source: "5 6 7", target: "15 16" },
  { source: "8 9", target: "18 19 20" },
  { source: "10", target: "20" },
];
const windows = pairs.map((pair) => translationWindow(pair, tokenizer));

beforeAll(useTestBackend);

describe("translationWindow", () => {
  it("is source, separator, target, end, of which the target and the end are learned", () => {
    expect([...windows[0]!.ids]).toEqual([5, 6, 7, 3, 15, 16, 1]);
    expect([...windows[0]!.labels!]).toEqual([-100, -100, -100, 15, 16, 1]);
  });

  it("wants both special tokens", () => {
    expect(() => translationWindow(pairs[0]!, toy)).toThrow("must have a end-of-text token");
    const bare = { ...tokenizer, special: { endOfText: 1 } };
    expect(() => translationWindow(pairs[0]!, bare)).toThrow("withSeparatorAndEnd");
  });
});

describe("translation", () => {
  const suite = methodSuite({
    make: (random) => translation(gpt2LMHeadModel(smallGpt2, random)),
    samples: windows,
    inputs: () => tensor2d([[5, 6, 7], [8, 9, 3], [10, 3, 20]], undefined, "int32"), // biome-ignore format: rows
  });
  for (const { name, run } of suite) test(name, run);

  it("is the mean of −log p of the targets' tokens and ends, one pair after the other", () => {
    const model = gpt2LMHeadModel(smallGpt2, createRandom(1));
    const { draw, loss } = translation(model);
    const [total, tokens] = windows.reduce(
      ([sum, count], { ids, labels }) => {
        const own = tidy(() => {
          const states = model.encoder.hiddenStates({
            ids: tensor2d([...ids.subarray(0, -1)], [1, ids.length - 1], "int32"),
          });
          return logSoftmax(model.scoreTokens(reshape(states, [ids.length - 1, -1]))).arraySync() as number[][];
        });
        const learned = [...labels!].flatMap((label, place) => (label === -100 ? [] : [-own[place]![label]!]));
        return [sum + learned.reduce((a, b) => a + b), count + learned.length];
      },
      [0, 0],
    );
    const found = tidy(() => lossOf(loss(draw(windows, createRandom(0)))).dataSync()[0]!);
    expect(tokens).toBe(3 + 4 + 2);
    expect(found).toBeCloseTo(total / tokens, 5);
  });
});

describe("withSeparatorAndEnd", () => {
  it("takes what the tokenizer has, and adds what it lacks behind all others", async () => {
    const bytes = createTokenizer(await trainByteBpe(["a b a b"], { vocabularySize: 260 }));
    const { tokenizer: more, added } = withSeparatorAndEnd(bytes);
    expect(added).toEqual(["[SEP]"]);
    expect(more.special).toMatchObject({ separator: bytes.vocabularySize, endOfText: bytes.special.endOfText });
    expect(more.vocabularySize).toBe(bytes.vocabularySize + 1);
    expect([...more.encode("a [SEP] b")]).toEqual([...bytes.encode("a [SEP] b")]); // in a text it is text
    expect(more.decode([more.special.separator!, ...more.encode("a b")])).toBe("a b");
    expect(withSeparatorAndEnd(more)).toEqual({ tokenizer: more, added: [] });
    const characters = createTokenizer(await trainCharacters(["ab "]));
    expect(withSeparatorAndEnd(characters).added).toEqual(["[SEP]", "<|endoftext|>"]);
  });
});

describe("withRows", () => {
  it("knows what the model knew, and has new embeddings behind", () => {
    const model = gpt2LMHeadModel(smallGpt2, createRandom(1));
    const larger = withRows(model, 25, createRandom(2));
    expect(larger.config.vocab_size).toBe(25);
    expect(withRows(model, 23, createRandom(2))).toBe(model);
    const scores = (of: typeof model) =>
      tidy(() => {
        const states = of.encoder.hiddenStates({ ids: tensor2d([[5, 6, 7]], undefined, "int32") });
        return of.scoreTokens(reshape(states, [3, -1])).arraySync() as number[][];
      });
    const [before, after] = [scores(model), scores(larger)];
    expect(after.map((row) => row.slice(0, 23))).toEqual(before);
    expect(after[0]).toHaveLength(25);
    expect(after[0]![23]).not.toBe(after[0]![24]);
  });
});

describe("translator", () => {
  it("writes text without special tokens, and nothing where the source leaves no place", async () => {
    const model = gpt2LMHeadModel(smallGpt2, createRandom(1));
    const { translate, dispose } = translator(model, tokenizer, { beams: 2, maxTokens: 4 });
    const { text, score } = await translate("5 6 7");
    expect(text).toMatch(/^(\d+ ?){0,4}$/);
    expect(score).toBeLessThan(0);
    const long = Array.from({ length: 15 }, (_, n) => String(5 + n)).join(" "); // with the separator all 16 places
    expect(await translate(long)).toEqual({ text: "", score: null });
    dispose();
  });
});
