/** What each reader holds at most, of files that are small on disk and large inside: in a process of its own with a small heap. */
import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createGzip } from "node:zlib";
import { expect, test } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";

const folder = useTemporaryFolder();
const program = fileURLToPath(new URL("../testing/read-within.ts", import.meta.url));
const MEBI = 2 ** 20;

interface Told {
  readonly items?: number;
  readonly characters?: number;
  readonly error?: string;
  /** Of peak memory, beyond what a process has before it reads. */
  readonly megabytes: number;
}

async function readIn(path: string, what = "documents", heapMegabytes = 256): Promise<Told> {
  const args = [`--max-old-space-size=${heapMegabytes}`, "--import", "tsx", program, what, path];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: MEBI });
  const told = JSON.parse(stdout) as Told;
  console.log(
    `${path.replace(/.*\//, "")}: ${told.megabytes} MB${told.error === undefined ? "" : `, ${told.error.slice(0, 120)}`}`,
  );
  return told;
}

/** Pieces of a megabyte, so that no file is ever in memory. */
async function write(name: string, pieces: Iterable<string>): Promise<string> {
  const path = folder.path(name);
  const out = createWriteStream(path);
  await (name.endsWith(".gz")
    ? pipeline(Readable.from(pieces), createGzip(), out)
    : pipeline(Readable.from(pieces), out));
  return path;
}

function* around(head: string, filling: string, megabytes: number, tail = ""): Generator<string> {
  yield head;
  const piece = filling.repeat(Math.ceil(MEBI / filling.length));
  for (let i = 0; i < megabytes; i += 1) yield piece;
  yield tail;
}

test.each([
  ["a line of 57 MB of brackets", "nest.jsonl.gz", around('{"text":', "[", 57), /at most 200 lists and objects/, 350],
  [
    "a line of 57 MB of empty lists",
    "flat.jsonl.gz",
    around('{"text":"a","n":[', "[],", 57, "1]}"),
    /at most 1,048,576 values/,
    350,
  ],
  ["a header of ten million columns", "wide.csv.gz", around("text", ",", 10), /at most 16384 columns/, 150],
  [
    "a quote that is never closed, 300 MB",
    "open.csv.gz",
    around('text,n\n"', "word ", 300),
    /quoted field that begins on line 2/,
    350,
  ],
  ["a gigabyte of one letter", "zeros.txt.gz", around("", "a", 1000), /unpack to at most 250 times its size/, 300],
])("%s: refused by name, within memory", async (_, name, pieces, message, most) => {
  const { error, megabytes } = await readIn(await write(name, pieces));
  expect(error).toMatch(message);
  expect(megabytes).toBeLessThan(most);
});

test("a row of ten million fields is passed over, within memory", async () => {
  const { items, megabytes } = await readIn(await write("rows.csv.gz", around("text,n\n", ",", 10, "\na,1\nb,2\n")));
  expect(items).toBe(2);
  expect(megabytes).toBeLessThan(150);
});

test("a chromosome in one line of 144 MB: every residue, little memory", async () => {
  const path = await write("chromosome.fa", around(">chrX\nACGTACGTAC\n", "ACGTTGCA", 144, "\nTTTTT\n"));
  const { items, characters, megabytes } = await readIn(path);
  expect([items, characters]).toEqual([1, 10 + 144 * MEBI + 5]);
  expect(megabytes).toBeLessThan(200);
});

test.each([
  ["text", "a.txt", around("", "A sentence of some words. \n", 40)],
  ["blank lines between", "b.jsonl", around("", '{"text":"A sentence of some words."}\n', 40)],
  ["a table", "c.csv", around("n,text\n", '1,"A sentence, of words."\n', 40)],
])("40 MB of %s: read as they come", async (_, name, pieces) => {
  const { characters, megabytes } = await readIn(await write(name, pieces));
  expect(characters).toBeGreaterThan(20 * MEBI);
  expect(megabytes).toBeLessThan(200);
});

test("questions nested without end are refused", async () => {
  const path = await write("nest.json", around('{"data":', "[", 50));
  const { error, megabytes } = await readIn(path, "questions");
  expect(error).toMatch(/cannot be read as JSON: at most 200 lists/);
  expect(megabytes).toBeLessThan(400);
});

test("labels in a file of packed columns are refused too", async () => {
  const { error, megabytes } = await readIn(await write("labels.csv.gz", around("text", ",", 10)), "labels");
  expect(error).toMatch(/at most 16384 columns/);
  expect(megabytes).toBeLessThan(150);
});
