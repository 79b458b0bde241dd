import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tally } from "./passed-over.js";
import { readTarEntry, type TarReading, tarEntries } from "./tar-entries.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "autodidact-core-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const READING: TarReading<Record<string, string>> = {
  who: "openThings",
  noun: "things",
  isExample: (name) => name.endsWith(".thing"),
  tells: (name) => /\.(cls|txt)$/.test(name),
  factsIn: (name, text) => (text === "" ? undefined : { [name.slice(-3)]: text }),
};

async function archive(name: string, entries: Readonly<Record<string, string>>): Promise<string> {
  const packed = pack();
  for (const [entry, content] of Object.entries(entries)) packed.entry({ name: entry }, content);
  packed.finalize();
  const bytes = await buffer(packed);
  await writeFile(join(root, name), name.endsWith("gz") ? gzipSync(bytes) : bytes);
  return join(root, name);
}

describe("tarEntries", () => {
  it("joins what several files beside an example say of it, and counts what is not read", async () => {
    const path = await archive("beside.tar", {
      "./a/1.thing": "one",
      "a/1.cls": "cat",
      "a/1.txt": "meow",
      "a/2.thing": "two",
      "a/3.txt": "",
      "a/4.bin": "x",
      "a/.5.thing": "x",
    });
    const others = tally();
    const entries = await tarEntries(path, { ...READING, others });
    expect(entries.map(({ name, beside }) => [name, beside])).toEqual([
      ["a/1.thing", { cls: "cat", txt: "meow" }],
      ["a/2.thing", undefined],
    ]);
    const bytes = await readTarEntry("a/2.thing", path, entries[1]!);
    expect(Buffer.from(bytes).toString()).toBe("two");
    expect(others.list()).toEqual([
      { what: ".txt files", count: 1, names: ["a/3.txt"] },
      { what: ".bin files", count: 1, names: ["a/4.bin"] },
      { what: "hidden files and folders", count: 1, names: ["a/.5.thing"] },
    ]);
  });

  it("keeps examples of a gzip archive in memory up to a budget, and says what to do beyond it", async () => {
    const path = await archive("large.tar.gz", { "a.thing": "1234", "b.thing": "5678" });
    await expect(tarEntries(path, { ...READING, mostKept: 7 })).rejects.toThrow(
      /^openThings: the things in .*large\.tar\.gz must unfold to at most 7 bytes, which are kept in memory.*gunzip -k .*large\.tar\.gz/,
    );
    expect(await tarEntries(path, { ...READING, mostKept: 8 })).toHaveLength(2);
  });
});
