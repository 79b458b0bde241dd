import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTokenizer } from "./create-tokenizer.js";
import { readTokenizer, writeTokenizer } from "./tokenizer-files.js";
import { trainWordPiece } from "./train-wordpiece.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-tokenizer-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("writeTokenizer and readTokenizer", () => {
  it("keep a tokenizer, beside what else is in the folder", async () => {
    const files = await trainWordPiece(["one and two and three"], { vocabularySize: 40 });
    await writeFile(join(folder, "config.json"), "{}");
    await writeTokenizer(files, folder);
    await writeTokenizer(files, folder);

    const tokenizer = await readTokenizer(folder);

    expect(tokenizer.files).toEqual(files);
    expect(tokenizer.encode("three and two")).toEqual(createTokenizer(files).encode("three and two"));
    expect((await readdir(folder)).sort()).toEqual([
      "SHA256SUMS",
      "config.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
  });

  it("say what is missing or wrong", async () => {
    const path = join(folder, "tokenizer.json");
    await expect(readTokenizer(folder)).rejects.toThrow("must hold a tokenizer.json, and does not");

    await writeFile(path, "{");
    await expect(readTokenizer(folder)).rejects.toThrow("must be JSON, and is not");
    await writeFile(path, "3");
    await expect(readTokenizer(folder)).rejects.toThrow("must be a JSON object");

    await truncate(path, 101 * 1024 * 1024);
    await expect(readTokenizer(folder)).rejects.toThrow("must have at most 104857600 bytes, got 105906176");
    expect((await readFile(path)).length).toBe(105906176);
  });
});
