import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeTokenizer } from "../tokenizer/tokenizer-files.js";
import { trainByteBpe } from "../tokenizer/train-byte-bpe.js";
import { maskedLm } from "./masked-lm.js";
import { nextToken } from "./next-token.js";
import { assertPossible } from "./plan-text.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "possible-"));
  await writeTokenizer(await trainByteBpe(["one two three"], { vocabularySize: 260 }), folder);
});
afterAll(() => rm(folder, { recursive: true }));

it("lets pass what can be", async () => {
  await assertPossible(maskedLm, {});
  await assertPossible(maskedLm, { width: 48, heads: 3, tokenizerKind: "characters" });
  await assertPossible(nextToken, { tokenizerKind: "byte-bpe", tokenizer: folder });
});

it("refuses heads that do not divide the width, of every architecture and preset", async () => {
  await expect(assertPossible(maskedLm, { width: 100, heads: 3 })).rejects.toThrow(
    "got 3 heads of a layer of width 100",
  );
  await expect(assertPossible(maskedLm, { architecture: "albert", heads: 7 })).rejects.toThrow("`heads` must divide");
  await expect(assertPossible(nextToken, { preset: "tiny", heads: 3 })).rejects.toThrow("`heads` must divide `width`");
});

it("refuses a tokenizer that can hide nothing, before anything is made", async () => {
  await expect(assertPossible(maskedLm, { tokenizerKind: "byte-bpe" })).rejects.toThrow("has no [MASK], and masked-lm");
  await expect(assertPossible(maskedLm, { tokenizer: folder })).rejects.toThrow(
    `\`tokenizer\` ${folder}: its tokenizer has no mask`,
  );
  expect((await readdir(folder)).sort()).toEqual(["SHA256SUMS", "tokenizer.json", "tokenizer_config.json"]);
});
