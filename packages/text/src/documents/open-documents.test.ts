import { mkdir, symlink } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { CorruptSampleError } from "@autodidact/core";
import { expect, test } from "vitest";
import { collect } from "../testing/collect.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { type OpenDocumentsOptions, openDocuments } from "./open-documents.js";

const folder = useTemporaryFolder();

async function write(files: Readonly<Record<string, string | Uint8Array>>, name: string): Promise<string> {
  for (const [file, content] of Object.entries(files)) await folder.write(`${name}/${file}`, content);
  return folder.path(name);
}

const read = async (path: string, options?: OpenDocumentsOptions) => collect(await openDocuments(path, options));

test("a folder of text files, in the order of their paths, hidden ones left out", async () => {
  const path = await write(
    { "b.md": "B\r\nb\rb", "a/z.txt": "Z", "a/.hidden.txt": "no", "B.TXT": "B2", "c.png": "no" },
    "texts",
  );
  expect(await read(path)).toEqual([
    { id: "B.TXT", text: "B2" },
    { id: "a/z.txt", text: "Z" },
    { id: "b.md", text: "B\nb\nb" },
  ]);
  expect(await read(`${path}/b.md`)).toEqual([{ id: "b.md", text: "B\nb\nb" }]);
});

test("links are followed once, also in a circle", async () => {
  const path = await write({ "a.txt": "A", "sub/b.txt": "B" }, "links");
  await symlink(path, `${path}/sub/up`);
  await symlink(`${path}/a.txt`, `${path}/sub/c.txt`);
  expect((await read(path)).map(({ id }) => id)).toEqual(["a.txt", "sub/b.txt", "sub/c.txt"]);
});

test("tables of every kind give a document a row", async () => {
  const json = '{"text":"One","n":1}\n\n{"n":2,"text":"Two\\nlines"}\n';
  expect(await read(await write({ "a.jsonl": json, "README.md": "About." }, "json"))).toEqual([
    { id: "a.jsonl:1", text: "One" },
    { id: "a.jsonl:3", text: "Two\nlines" },
  ]);
  const csv = '\ufeffid,text\r\n1,"a ""quoted"", text"\r\n2,"two\r\nlines"\r\n3,plain\r\n';
  expect(await read(await write({ "a.csv": csv }, "csv"))).toEqual([
    { id: "a.csv:2", text: 'a "quoted", text' },
    { id: "a.csv:3", text: "two\nlines" },
    { id: "a.csv:5", text: "plain" },
  ]);
  const tsv = 'id\tbody\n1\t"open quote\n2\tit is, "so"\n';
  expect(await read(await write({ "a.tsv": tsv }, "tsv"), { column: "body" })).toEqual([
    { id: "a.tsv:2", text: '"open quote' },
    { id: "a.tsv:3", text: 'it is, "so"' },
  ]);
});

test("several files of one kind are read in order, unpacked where they are .gz", async () => {
  const path = await write({ "2.jsonl": '{"text":"B"}', "1.jsonl.gz": gzipSync('{"text":"A"}') }, "shards");
  expect((await read(path)).map(({ text }) => text)).toEqual(["A", "B"]);
});

test("FASTA records: residues in capitals, the name as id", async () => {
  const fasta = ">sp|P1 first protein\nmkv\nLAA \n\n>P2\r\nACGT*\r\n";
  expect(await read(await write({ "a.fasta": fasta }, "fasta"))).toEqual([
    { id: "a.fasta:sp|P1", text: "MKVLAA" },
    { id: "a.fasta:P2", text: "ACGT*" },
  ]);
});

test("few broken documents are named once and passed over, many stop the reading", async () => {
  const lines = Array.from({ length: 200 }, (_, i) => `{"text":"Line ${i}"}`);
  lines[20] = '{"text":"cut';
  lines[30] = '{"text":null}';
  const path = await folder.write("broken.jsonl", lines.join("\n"));
  const met: CorruptSampleError[] = [];
  const documents = await openDocuments(path, { onCorrupt: (error) => met.push(error) });
  for (let time = 0; time < 2; time += 1) expect(await collect(documents)).toHaveLength(198);
  expect(met.map(({ message }) => message)).toEqual([
    expect.stringContaining("broken.jsonl:21: not JSON"),
    "broken.jsonl:31: text must be text, got null",
  ]);
  const few = await folder.write("few.jsonl", lines.slice(20, 23).join("\n"));
  expect(await read(few)).toHaveLength(2);
  const tooMany = await folder.write("many.jsonl", lines.slice(20, 32).join("\n"));
  await expect(read(tooMany, { maxCorrupt: 1 })).rejects.toThrow(
    /at most 1 may be broken, found 2 in the first 11:\n {2}many.jsonl:1: not JSON.*\n.*\nRepair or remove them, or allow for more: { maxCorrupt: 4 }/,
  );
  expect(await read(tooMany, { maxCorrupt: 0.2 })).toHaveLength(10);
});

test("where nothing can be read more may be allowed in vain: what is wrong is said", async () => {
  const empty = await folder.write("nothing.txt", "");
  await expect(read(empty)).rejects.toThrow(
    /^openDocuments: nothing can be read\. nothing\.txt: the file is empty\. Repair it, or name other text\.$/,
  );
  const both = await write({ "a.txt": "", "b.txt": "\0" }, "two-broken");
  await expect(read(both)).rejects.toThrow(
    /nothing can be read, all 2 are broken:\n {2}a\.txt.*\n {2}b\.txt.*\nRepair them/,
  );
});

test("of all rows that were seen their number is told, and how many to allow", async () => {
  const lines = Array.from({ length: 60 }, (_, n) => (n % 5 === 0 && n < 55 ? "no" : `{"text":"Line ${n}"}`));
  const path = await folder.write("sixty.jsonl", lines.slice(0, 20).join("\n")); // 4 of 20 are broken
  await expect(read(path, { maxCorrupt: 0.1 })).rejects.toThrow(
    /at most 2 of 20 may be broken, found 4:\n[\s\S]*allow for more: \{ maxCorrupt: 4 \}\.$/,
  );
  const all = await folder.write("all-sixty.jsonl", lines.join("\n"));
  await expect(read(all)).rejects.toThrow(/at most 10 may be broken, found 11 in the first 51:/);
});

test("a stream of broken documents stops early, and names the first of them", async () => {
  const path = await folder.write("all-broken.jsonl", "no\n".repeat(100_000));
  await expect(read(path)).rejects.toThrow("at most 10 may be broken, found 11 in the first 11:");
});

test("in a small set few may be broken: an empty note of 13, a link that leads nowhere, a damaged .gz", async () => {
  const notes = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.txt`, i === 3 ? "" : `Note ${i}`]));
  const path = await write(
    { ...notes, "cut.txt.gz": gzipSync(Array.from({ length: 900 }, (_, i) => i * 7919).join(" ")).subarray(0, 500) },
    "notes",
  );
  await symlink(`${path}/nowhere`, `${path}/link.txt`);
  const met: string[] = [];
  expect(await read(path, { onCorrupt: ({ message }) => met.push(message) })).toHaveLength(11);
  expect(met).toEqual([
    "3.txt: the file is empty",
    expect.stringMatching(/^cut.txt.gz: .*cut.txt.gz cannot be unpacked: unexpected end of file/),
    "link.txt: it cannot be opened (ENOENT)",
  ]);
});

test("a damaged archive of rows is named", async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `{"text":"Row ${i} ${i * 7919}"}`).join("\n");
  const path = await folder.write("cut.jsonl.gz", gzipSync(rows).subarray(0, 5000));
  await expect(read(path)).rejects.toThrow(/cut.jsonl.gz cannot be unpacked: unexpected end of file/);
});

test("broken UTF-8 harms its own row only", async () => {
  const bytes = Buffer.from("text,n\ngood,1\ncaf\xe9,2\nfine,3\n", "latin1");
  const path = await folder.write("latin.csv", bytes);
  expect((await read(path, { maxCorrupt: 0.5 })).map(({ text }) => text)).toEqual(["good", "fine"]);
  await expect(read(path, { maxCorrupt: 0 })).rejects.toThrow(
    'latin.csv:3: line 3 is not UTF-8; of another encoding it is told by { encoding: "latin1" }',
  );
  expect((await read(path, { encoding: "latin1" })).map(({ text }) => text)).toEqual(["good", "café", "fine"]);
});

test("a missing column lists those there are", async () => {
  const jsonl = await folder.write("columns.jsonl", '{"id":1,"body":"x"}');
  await expect(read(jsonl)).rejects.toThrow("columns.jsonl must have a column text, got id, body. Name the column");
  const csv = await folder.write("columns.csv", "id,body\n1,x\n");
  await expect(read(csv)).rejects.toThrow("columns.csv must have a column text, got id, body.");
});

test("a quote that nobody closed is told, not swallowed", async () => {
  const path = await folder.write("quote.csv", `text\n"open\n${"more\n".repeat(100)}`);
  await expect(read(path)).rejects.toThrow("a quoted field that begins on line 2 does not end");
});

test("rows of another length than the first are broken", async () => {
  const path = await folder.write("ragged.csv", "text,n\na,1\nb\nc,3\n");
  const met: string[] = [];
  const texts = await read(path, { maxCorrupt: 0.99, onCorrupt: ({ message }) => met.push(message) });
  expect(texts.map(({ text }) => text)).toEqual(["a", "c"]);
  expect(met).toEqual(["ragged.csv, line 3: it must have 2 fields as the first line has, got 1"]);
});

test("paths that hold no text say what was looked for and what is there", async () => {
  await expect(openDocuments(folder.path("nowhere"))).rejects.toThrow(
    /openDocuments: .*nowhere cannot be opened: nothing of that name is there/,
  );
  await mkdir(folder.path("empty"));
  await expect(openDocuments(folder.path("empty"))).rejects.toThrow(/JSON Lines.*Got an empty folder\./);
  const images = await write({ "a.png": "", "b.jpg": "" }, "images");
  await expect(openDocuments(images)).rejects.toThrow(/must be or hold plain text .*Got a.png, b.jpg\./);
  const mixed = await write({ "a.txt": "A", "b.jsonl": '{"text":"B"}' }, "mixed");
  await expect(openDocuments(mixed)).rejects.toThrow(
    /files of one kind, got plain text .*: a.txt; JSON Lines .*: b.jsonl/,
  );
  const blank = await folder.write("blank.jsonl", '{"text":""}\n');
  await expect(read(blank)).rejects.toThrow("must hold text, got 1 file without any");
  const headless = await folder.write("headless.fa", "ACGT\n");
  await expect(read(headless)).rejects.toThrow("must begin with a line >name, got ACGT");
});

test("the fingerprint is of names, bytes and column", async () => {
  const path = await write({ "a.jsonl": '{"text":"A","b":"B"}' }, "print");
  const print = async (options?: OpenDocumentsOptions) => (await openDocuments(path, options)).fingerprint();
  const first = await print();
  expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await print()).toBe(first);
  expect(await print({ column: "b" })).not.toBe(first);
  await write({ "a.jsonl": '{"text":"A","b":"C"}' }, "print");
  expect(await print()).not.toBe(first);
  const other = await write({ "b.jsonl": '{"text":"A","b":"B"}' }, "print2");
  expect(await (await openDocuments(other)).fingerprint()).not.toBe(first);
  expect((await openDocuments(path)).bytes).toBe(20);
});

test("what was understood is told: kind, columns, how it is read, and what is not read", async () => {
  const path = await write(
    { "a.csv": "text;n\na;1\nb;2\n", "b.png": "", ".git/x": "", "README.md": "About." },
    "found",
  );
  await write({ "config.json": "{}", "metrics.jsonl": "{}", "encoder/config.json": "{}" }, "found/runs/one");
  const { found } = await openDocuments(path);
  expect(found).toEqual({
    kind: "CSV or TSV (.csv, .tsv)",
    parts: [{ name: "all", files: 1, perClass: [] }],
    classes: [],
    columns: { text: "text" },
    reading: ["fields apart by ;"],
    passedOver: [
      { what: ".md files", count: 1, names: ["README.md"] },
      { what: ".png files", count: 1, names: ["b.png"] },
      { what: "hidden files", count: 1, names: [".git"] },
      { what: "folders of runs", count: 1, names: ["runs/one"] },
    ],
  });
  const sequences = await openDocuments(await write({ "a.fa": ">a\nacgt*\n" }, "found-fasta"));
  expect(sequences.found?.reading).toEqual(["lower case (soft masking) read as capitals", "stops * and gaps - . kept"]);
});
