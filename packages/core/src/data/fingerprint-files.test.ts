import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fingerprintFiles } from "./fingerprint-files.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-fingerprint-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test("is the hash of hashes of sizes and contents, whatever the files are called", async () => {
  const sha = (...parts: (string | Uint8Array)[]) => {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const [first, second] = [await write("a", "one"), await write("b", "three")];
  const expected = sha("2 whole\n", sha("3\n", "one"), sha("5\n", "three")).toString("hex");
  expect(await fingerprintFiles([first, second])).toBe(`sha256:${expected}`);
  expect(await fingerprintFiles([await write("c", "one"), await write("d", "three")])).toBe(`sha256:${expected}`);
  expect(await fingerprintFiles([second, first])).not.toBe(`sha256:${expected}`); // swapped
});

test("a changed byte, a longer file and one that is gone are other data", async () => {
  const large = new Uint8Array(3 * 2 ** 20).fill(7);
  const [small, path, gone] = [await write("small", "x"), await write("large", large), join(folder, "gone")];
  const prints = [await fingerprintFiles([small, path])];
  large[2 ** 21] = 8;
  await write("large", large);
  prints.push(await fingerprintFiles([small, path]));
  await write("small", "xx");
  prints.push(
    await fingerprintFiles([small, path]),
    await fingerprintFiles([gone, path]),
    await fingerprintFiles([small, gone]),
  );
  expect(new Set(prints).size).toBe(5);
});

test("is remembered as long as sizes and times are the same, and found out again where they are not", async () => {
  const memo = join(folder, "memo.json");
  const path = await write("data", "before");
  const before = await fingerprintFiles([path], { memo });
  const kept = JSON.parse(await readFile(memo, "utf8")) as { seen: string; hash: string };
  expect(kept.hash).toBe(before);
  await writeFile(memo, JSON.stringify({ ...kept, hash: "sha256:remembered" }));
  expect(await fingerprintFiles([path], { memo })).toBe("sha256:remembered");
  await writeFile(path, "after!"); // as long
  await utimes(path, 1, 1);
  const after = await fingerprintFiles([path], { memo });
  expect(after).not.toBe(before);
  await writeFile(path, "before");
  expect(await fingerprintFiles([path], { memo })).toBe(before);
  await writeFile(memo, "damaged");
  expect(await fingerprintFiles([path], { memo })).toBe(before);
});

test("of more than so many bytes knows sizes and blocks: the first, the middle and the last", async () => {
  const bytes = new Uint8Array(40_000);
  const print = async () => fingerprintFiles([await write("vast", bytes)], { wholeUpTo: 39_999 });
  const first = await print();
  expect(first).not.toBe(await fingerprintFiles([join(folder, "vast")], { wholeUpTo: 40_000 }));
  for (const place of [0, 20_000, 39_999]) {
    bytes[place] = 1;
    expect(await print()).not.toBe(first);
    bytes[place] = 0;
  }
  bytes[10_000] = 1; // between the blocks: what is not looked at is not seen
  expect(await print()).toBe(first);
});
