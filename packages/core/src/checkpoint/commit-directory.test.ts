import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checksumLine, checksumsFile, commitListed, verifyIfListed } from "./checksums.js";
import { commitDirectory, recoverDirectories, removeDirectory } from "./commit-directory.js";
import { commitFile, commitFilledFile } from "./commit-file.js";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "commit-"));
  path = join(folder, "encoder");
});
afterEach(() => rm(folder, { recursive: true }));

function commit(text: string): Promise<void> {
  const bytes = Buffer.from(text);
  return commitDirectory(path, [
    ["weights", [bytes]],
    [checksumsFile, [Buffer.from(checksumLine("weights", [bytes]))]],
  ]);
}

test("a folder is replaced where all in it was written there before", async () => {
  await mkdir(path); // an empty one is nobody's
  await commit("old");
  await commit("new");
  expect(await readFile(join(path, "weights"), "utf8")).toBe("new");
  expect(await readdir(folder)).toEqual(["encoder"]);
});

test.each([
  ["a file", () => writeFile(join(path, "mine.txt"), "mine")],
  ["a folder", () => mkdir(join(path, "mine.txt"))],
  ["a link", () => symlink("nowhere", join(path, "mine.txt"))],
])("%s of the user's keeps the folder from being replaced or removed, and is named", async (_, add) => {
  await commit("old");
  await add();
  await expect(commit("new")).rejects.toThrow(
    `${path} must hold nothing but what was written there before, and it holds mine.txt`,
  );
  expect(await removeDirectory(path)).toBe(false);
  expect((await readdir(path)).sort()).toEqual(["SHA256SUMS", "mine.txt", "weights"]);
  expect(await readFile(join(path, "weights"), "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["encoder"]);
});

test("a folder without checksums, and a file in its place, are not replaced", async () => {
  await mkdir(path);
  await writeFile(join(path, "weights"), "of another program");
  await expect(commit("new")).rejects.toThrow("it holds weights, which is not of it");
  await rm(path, { recursive: true });
  await writeFile(path, "a file");
  await expect(commit("new")).rejects.toThrow("it is a file");
  expect(await readFile(path, "utf8")).toBe("a file");
});

test("names that a user may give are not taken for what a killed process left", async () => {
  for (const name of [".old-encoder", ".new-encoder", ".gone-step-3", ".old-notes-2024"]) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "mine.txt"), "mine");
  }
  await commit("one");
  await commit("two");
  await recoverDirectories(folder);
  expect((await readdir(folder)).sort()).toEqual([
    ".gone-step-3",
    ".new-encoder",
    ".old-encoder",
    ".old-notes-2024",
    "encoder",
  ]);
});

test("a file that is not filled to its end is not there, and the older one stays", async () => {
  const file = join(folder, "features.csv");
  const broken = commitFilledFile(file, async (open) => {
    await open.writeFile("half");
    throw new Error("stopped");
  });
  await expect(broken).rejects.toThrow("stopped");
  expect(await readdir(folder)).toEqual([]);
  await commitFile(file, Buffer.from("older"));
  await expect(
    commitFilledFile(file, async () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    }),
  ).rejects.toThrow(`The disk is full: ${file} could not be written (ENOSPC). Free space in ${folder}.`);
  expect(await readFile(file, "utf8")).toBe("older");
  expect(await readdir(folder)).toEqual(["features.csv"]);
});

test("checksums of a folder: what is listed is checked, what is not listed or has none passes", async () => {
  await verifyIfListed(folder);
  await writeFile(join(folder, "mine.txt"), "mine");
  await commitListed(folder, [["a.json", Buffer.from("1")]]);
  await commitListed(folder, [["b.json", Buffer.from("2")]]);
  await commitListed(folder, [["a.json", Buffer.from("3")]]); // replaced, with its line
  expect((await readFile(join(folder, checksumsFile), "utf8")).match(/ {2}.*/g)).toEqual(["  b.json", "  a.json"]);
  await verifyIfListed(folder);
  await writeFile(join(folder, "a.json"), "4");
  await expect(verifyIfListed(folder)).rejects.toThrow(
    `${folder}: a.json is damaged: its SHA-256 is 4b227777d4dd…, not 4e07408562be…. Restore the file; if it was changed on purpose, delete ${join(folder, checksumsFile)}.`,
  );
  await verifyIfListed(folder, ["b.json"]);
  await writeFile(join(folder, checksumsFile), "nothing of the kind\n");
  await expect(verifyIfListed(folder)).rejects.toThrow("SHA256SUMS is damaged");
});

test("the next to write clears what a killed one left of the same folder, and nothing else", async () => {
  const left = [`.new-encoder-${randomUUID()}`, `.gone-encoder-${randomUUID()}`];
  const others = `.new-step-3-${randomUUID()}`;
  for (const name of [...left, others]) await mkdir(join(folder, name));
  await commit("one");
  expect((await readdir(folder)).sort()).toEqual([others, "encoder"]);
  await recoverDirectories(folder);
  expect(await readdir(folder)).toEqual(["encoder"]);
});
