import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeFolder } from "./make-folder.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "make-folder-"));
});
afterAll(() => rm(root, { recursive: true }));

it("makes what is missing and tells the first of it", async () => {
  expect(await makeFolder(join(root, "a/b/c"))).toBe(join(root, "a"));
  expect((await stat(join(root, "a/b/c"))).isDirectory()).toBe(true);
  expect(await makeFolder(join(root, "a/b/c"))).toBeUndefined();
});

it("refuses a file in the way", async () => {
  await writeFile(join(root, "file"), "");
  await expect(makeFolder(join(root, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolder(join(root, "file/below"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

it.skipIf(!existsSync("/proc/self"))("ends where no folder can be made", async () => {
  await expect(makeFolder("/proc/nothing/here")).rejects.toThrow(
    /^\/proc\/nothing\/here cannot be made: .*Choose another folder\.$/,
  );
});
