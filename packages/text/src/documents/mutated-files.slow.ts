/** Damaged files of every kind: each is read, skipped in part, or refused by an error that says so; none crashes, hangs or grows. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { createRandom, type Random } from "@autodidact/core";
import { expect, test } from "vitest";
import { inspectTexts } from "../inspection/inspect-texts.js";
import { collect } from "../testing/collect.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openDocuments } from "./open-documents.js";
import { openLabelledTexts } from "./open-labelled-texts.js";
import { readQuestions } from "./questions.js";

const folder = useTemporaryFolder();
const MUTATIONS = 40;

const rows = Array.from({ length: 30 }, (_, i) => [`A text, "quoted" or not, of number ${i}`, String(i % 3)] as const);
const csv = `text,label\n${rows.map(([text, label]) => `"${text.replaceAll('"', '""')}",${label}`).join("\n")}\n`;
const lines = rows.map(([text, label]) => JSON.stringify({ text, label, more: { list: [1, [2]] } })).join("\n");
const questions = JSON.stringify({
  data: [
    {
      paragraphs: [
        { context: "It rains.", qas: [{ id: "1", question: "What?", answers: [{ text: "rains", answer_start: 3 }] }] },
      ],
    },
  ],
});
const parquet = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../oracles/parquet/${name}.parquet`, import.meta.url)));

const files: Readonly<Record<string, Uint8Array>> = {
  "a.csv": Buffer.from(csv),
  "a.tsv": Buffer.from(rows.map((row) => row.join("\t")).join("\n")),
  "a.jsonl": Buffer.from(lines),
  "a.csv.gz": gzipSync(csv),
  "a.txt.gz": gzipSync(csv),
  "a.fasta": Buffer.from(">one first\nACGTacgt\nNN-*\n;note\n>two\nMKVL\n"),
  "wide.csv": Buffer.from(`\ufeff${csv}`, "utf16le"),
  "none.parquet": parquet("none"),
  "snappy.parquet": parquet("snappy"),
  "zstd.parquet": parquet("zstd"),
  "pages.parquet": parquet("pages"),
  "squad.json": Buffer.from(questions),
};

const FILLINGS = [0, 255, 0x22, 0x2c, 0x0a, 0x5b];
const SIGNS = ['"', "\r", ",", "\ufeff", "{", "\\"];

type Mutation = (bytes: Buffer, at: number, length: number, random: Random) => Buffer;
const mutations: readonly Mutation[] = [
  (bytes, at, _, random) => put(bytes, at, 1, Buffer.of(bytes[at]! ^ (1 << random.integer(8)))),
  (bytes, at, length) => put(bytes, at, length, Buffer.alloc(0)),
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at, length) => put(bytes, at, 0, bytes.subarray(at, at + length)),
  (bytes, at, length, random) =>
    put(bytes, at, length, Buffer.alloc(length, FILLINGS[random.integer(FILLINGS.length)]!)),
  (bytes, at, _, random) => put(bytes, at, 0, Buffer.from(SIGNS[random.integer(SIGNS.length)]!)),
];

const put = (bytes: Buffer, at: number, length: number, other: Buffer) =>
  Buffer.concat([bytes.subarray(0, at), other, bytes.subarray(at + length)]);

/** Bits turned, bytes cut out, put in, doubled or filled, one to eight times. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let made: Buffer = Buffer.from(bytes);
  for (let times = 1 + random.integer(8); times > 0 && made.length > 1; times -= 1) {
    const mutate = mutations[random.integer(mutations.length)]!;
    made = mutate(made, random.integer(made.length), 1 + random.integer(Math.min(64, made.length)), random);
  }
  return made;
}

/** What must never come: a mistake of the program, told by the engine of JavaScript. */
const isMistake = (error: unknown) =>
  !(error instanceof Error) ||
  error instanceof TypeError ||
  error instanceof ReferenceError ||
  /of undefined|of null|is not a function|call stack|Invalid array length|not iterable|out of memory/i.test(
    error.message,
  );

test(`${MUTATIONS} mutations of each kind of file crash nothing`, async () => {
  const random = createRandom(11);
  const counts = { read: 0, refused: 0 };
  for (const [name, bytes] of Object.entries(files)) {
    for (let i = 0; i < MUTATIONS; i += 1) {
      const path = await folder.write(`${i}/${name}`, mutated(bytes, random));
      const ways = name.endsWith(".json")
        ? [() => readQuestions(path)]
        : [async () => collect(await openDocuments(path)), () => openLabelledTexts(path), () => inspectTexts(path)];
      for (const way of ways) {
        const began = performance.now();
        try {
          await way();
          counts.read += 1;
        } catch (error) {
          if (isMistake(error)) throw new Error(`${name}, mutation ${i}: ${(error as Error).stack}`);
          expect((error as Error).message.length).toBeLessThan(20_000);
          counts.refused += 1;
        }
        expect(performance.now() - began).toBeLessThan(20_000);
      }
    }
  }
  const total = Object.keys(files).length * MUTATIONS;
  console.log(
    `${total} mutated files, read in ${counts.read + counts.refused} ways: ${counts.read} read, ${counts.refused} refused`,
  );
  expect(total).toBeGreaterThanOrEqual(300);
  expect(counts.read).toBeGreaterThan(100);
  expect(process.memoryUsage().rss).toBeLessThan(2 ** 31);
});
