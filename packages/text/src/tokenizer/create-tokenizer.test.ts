import { describe, expect, it } from "vitest";
import { createTokenizer } from "./create-tokenizer.js";
import type { TokenizerFiles } from "./tokenizer.js";
import { trainByteBpe } from "./train-byte-bpe.js";
import { trainWordPiece } from "./train-wordpiece.js";

const texts = ["Playing, played and plays: the player's play.\nThe plays play out."];
const wordPiece = await trainWordPiece(texts, { vocabularySize: 60 });
const byteBpe = await trainByteBpe(texts, { vocabularySize: 290 });

/** The files with some fields of tokenizer.json or its model changed. */
function changed(files: TokenizerFiles, json: object, model: object = {}): TokenizerFiles {
  const before = files["tokenizer.json"] as { model: object };
  return { ...files, "tokenizer.json": { ...before, ...json, model: { ...before.model, ...model } } };
}

describe("createTokenizer", () => {
  it("knows special tokens from both files", () => {
    expect(createTokenizer(wordPiece).special).toEqual({
      pad: 0,
      unknown: 1,
      classification: 2,
      separator: 3,
      mask: 4,
      endOfText: undefined,
    });
    expect(createTokenizer(byteBpe).special).toMatchObject({ endOfText: 0, mask: undefined, pad: undefined });
    expect(createTokenizer({ ...wordPiece, "tokenizer_config.json": {} }).special).toMatchObject({ pad: 0, mask: 4 });
    const renamed = { cls_token: { content: "[SEP]" }, mask_token: "none" };
    expect(createTokenizer({ ...wordPiece, "tokenizer_config.json": renamed }).special).toMatchObject({
      classification: 3,
      mask: undefined,
    });
  });

  it("reads no special token in a text, and leaves them out of one", () => {
    const bert = createTokenizer(wordPiece);
    const gpt = createTokenizer(byteBpe);

    expect([...bert.encode("[MASK] play [PAD]")].filter((id) => id !== 1 && bert.isSpecial[id])).toEqual([]);
    expect(gpt.encode("<|endoftext|>")).not.toContain(0);
    expect(gpt.decode([0, ...gpt.encode("<|endoftext|>"), 0])).toBe("<|endoftext|>");
    expect(bert.decode([2, ...bert.encode("the play"), 3, 0, 0])).toBe("the play");
    expect(bert.decode([2, 3])).toBe("");
  });

  it("marks pieces that go on with a word", () => {
    const bert = createTokenizer(wordPiece);
    const gpt = createTokenizer(byteBpe);
    const marked = (tokenizer: typeof bert, text: string) =>
      Array.from(tokenizer.encode(text), (id) => [tokenizer.piece(id), tokenizer.continuesWord[id]]);

    expect(marked(bert, "plays, [out]")).toEqual([
      ["plays", 0],
      [",", 0],
      ["[UNK]", 0],
      ["o", 0],
      ["##u", 1],
      ["##t", 1],
      ["[UNK]", 0],
    ]);
    expect(marked(gpt, " plays out,\n é")).toEqual([
      ["Ġplays", 0],
      ["Ġ", 0],
      ["o", 1],
      ["u", 1],
      ["t", 1],
      [",", 0],
      ["Ċ", 0],
      ["Ġ", 0],
      ["Ã", 1],
      ["©", 1],
    ]);
  });

  it("refuses ids that are none", () => {
    const tokenizer = createTokenizer(wordPiece);

    expect(() => tokenizer.decode([44])).toThrow("tokenizer: an id must be in 0 … 43, got 44.");
    expect(() => tokenizer.piece(-1)).toThrow(RangeError);
  });

  it("writes a Σ at the end of a word as any other, as the Rust library does", () => {
    const json = { normalizer: { type: "Lowercase" }, pre_tokenizer: { type: "WhitespaceSplit" }, added_tokens: [] };
    const tokenizer = createTokenizer(changed(wordPiece, json, { vocab: { "[UNK]": 0, οσ: 1, ος: 2 } }));

    expect(tokenizer.encode("ΟΣ οσ ος")).toEqual(Int32Array.of(1, 1, 2));
  });

  it("encodes with a pipeline it does not know as the library does", () => {
    const files = changed(wordPiece, {
      normalizer: { type: "Lowercase" },
      pre_tokenizer: { type: "Split", pattern: { Regex: "\\w+|\\S" }, behavior: "Removed", invert: true },
    });
    const tokenizer = createTokenizer(files);

    expect(Array.from(tokenizer.encode("The PLAYS."), (id) => tokenizer.piece(id))).toEqual(["the", "plays", "."]);
  });
});

describe("createTokenizer, given a tokenizer.json that was made to harm", () => {
  const replace = (from: object, content: string) => ({ type: "Replace", pattern: from, content });
  const times = (count: number, stage: object) => ({ type: "Sequence", normalizers: Array(count).fill(stage) });

  it("breaks a pattern off that backtracks for ever", () => {
    const pattern = { type: "Split", pattern: { Regex: "(a+)+$" }, behavior: "Isolated", invert: false };
    const tokenizer = createTokenizer(changed(wordPiece, { pre_tokenizer: pattern }));

    expect(() => tokenizer.encode(`${"a".repeat(40)}b`)).toThrow(
      "createTokenizer: a pattern of tokenizer.json must match a text of 41 characters within 1001 ms, and did not.",
    );
    expect(tokenizer.encode("b")).toHaveLength(1); // it goes on with other texts
  });

  it.each([
    ["doubles a text thirty times", { normalizer: times(30, replace({ String: "a" }, "aa")) }, "normalizer"],
    ["writes a page for each letter", { normalizer: replace({ String: "a" }, "x".repeat(9000)) }, "normalizer"],
    ["writes between letters", { normalizer: times(3, replace({ Regex: "" }, "abcdef")) }, "normalizer"],
    ["writes at every end", { normalizer: times(3, replace({ Regex: "(?=a)|b*" }, "abcdef")) }, "normalizer"],
    ["puts a book before it", { normalizer: { type: "Prepend", prepend: "x".repeat(9000) } }, "normalizer"],
    [
      "spells spaces at length",
      { pre_tokenizer: { type: "Metaspace", replacement: "▁", str_rep: "▁".repeat(500) } },
      "pre_tokenizer",
    ],
    [
      "decodes at length",
      { decoder: { type: "Sequence", decoders: Array(9).fill(replace({ String: "a" }, "aaa")) } },
      "decoder",
    ],
  ])("refuses at once what makes a text grow: %s", (_, json, part) => {
    expect(() => createTokenizer(changed(wordPiece, json))).toThrow(
      `createTokenizer: the ${part} of tokenizer.json must make a text at most 64 times as long`,
    );
  });

  it("takes stages of known models, which replace one by one", () => {
    const known = [replace({ String: "``" }, '"'), replace({ Regex: " {2,}" }, " "), replace({ String: " " }, "▁")];
    const json = {
      normalizer: { type: "Sequence", normalizers: [...known, ...known, { type: "Prepend", prepend: "▁" }] },
    };
    expect(createTokenizer(changed(wordPiece, json)).encode("a  b").length).toBeGreaterThan(0);
  });

  const nested = (depth: number): object =>
    depth === 0 ? { type: "Lowercase" } : { type: "Sequence", normalizers: [nested(depth - 1)] };
  const split = (pattern: unknown) => ({
    pre_tokenizer: { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated" },
  });

  it.each([
    ["stages in stages", { normalizer: nested(20) }, {}, "at most 10 deep"],
    ["a long pattern", split("a".repeat(2001)), {}, "at most 2000 characters"],
    ["a pattern that is no text", split({}), {}, "at most 2000 characters"],
    [
      "a pattern that is none",
      split("("),
      {},
      "@huggingface/tokenizers must be able to read tokenizer.json, and cannot",
    ],
    ["an unknown stage", { normalizer: { type: "Evil" } }, {}, "Unknown Normalizer type: Evil"],
    ["ids twice", {}, { vocab: { a: 0, b: 0 } }, "model.vocab: must give ids"],
    ["ids that are no numbers", {}, { vocab: { a: "0" } }, "model.vocab: must give ids"],
    ["an id far away", {}, { vocab: { a: 0, "[UNK]": 16_000_000 } }, "ids of tokenizer.json must follow each other"],
    ["merges that are none", {}, { merges: [["a"]] }, "model.merges: must be a list of pairs"],
    ["words of any length", {}, { max_input_chars_per_word: 1e9 }, "max_input_chars_per_word"],
    ["another model", {}, { type: "Other" }, "model.type"],
  ])("refuses %s", (_, json, model, message) => {
    expect(() => createTokenizer(changed(wordPiece, json, model))).toThrow(message);
  });

  it("refuses what is no tokenizer.json at all", () => {
    expect(() => createTokenizer({ "tokenizer.json": [], "tokenizer_config.json": {} })).toThrow(
      "createTokenizer: tokenizer.json is not one that can be read",
    );
    expect(() => createTokenizer({ ...wordPiece, "tokenizer_config.json": [] })).toThrow("must be an object");
  });
});
