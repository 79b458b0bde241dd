import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Document, Documents } from "../documents/documents.js";
import { splitSentences } from "../documents/sentences.js";
import { characterTokenizer } from "../testing/character-tokenizer.js";
import { givenDocuments } from "../testing/given-documents.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import type { Corpus } from "./corpus.js";
import { openCorpus } from "./corpus-cache.js";
import { sentencePlaces } from "./sentence-places.js";
import { tokenize } from "./tokenize.js";

const folder = useTemporaryFolder();
const tokenizer = characterTokenizer();
let places = 0;
const newPlace = () => folder.path(`corpus-${places++}`);

const many = (count: number, text = "It rains. Does it stop! Yes.") =>
  givenDocuments(Array.from({ length: count }, (_, n) => ({ id: `${n}.txt`, text: `${text} ${n}` })));

/** Sentences of documents, decoded. */
async function read({ tokens, sentenceStarts, documentStarts, ...corpus }: Corpus): Promise<string[][]> {
  expect(sentenceStarts.at(-1)).toBe(tokens);
  expect(documentStarts.at(-1)).toBe(sentenceStarts.length - 1);
  const documents: string[][] = [];
  for (let d = 0; d + 1 < documentStarts.length; d += 1) {
    const sentences: string[] = [];
    for (let s = documentStarts[d]!; s < documentStarts[d + 1]!; s += 1)
      sentences.push(tokenizer.decode(await corpus.read(sentenceStarts[s]!, sentenceStarts[s + 1]!)));
    documents.push(sentences);
  }
  return documents;
}

async function close(...corpora: Corpus[]): Promise<void> {
  for (const corpus of corpora) await corpus.close();
}

test("by hand: sentences and documents begin where they should; parts of one document stay one", async () => {
  const documents = givenDocuments([
    { id: "a", text: "It rains. Stop!\n" },
    { id: "b", text: "One part" },
    { id: "b", text: " goes on. End", continues: true },
    { id: "c", text: "~" },
  ]);
  const place = newPlace();
  const skipping = characterTokenizer({ skip: "~" }); // the last document has no tokens
  const { train, validation } = await tokenize(documents, skipping, place, { validationShare: 0 });
  expect(await read(train)).toEqual([
    ["It rains.", " Stop!\n"],
    ["One part goes on.", " End"],
  ]);
  expect([...train.sentenceStarts]).toEqual([0, 9, 16, 33, 37]);
  expect([...train.documentStarts]).toEqual([0, 2, 4]);
  expect(train.bytes).toBe(38);
  expect([validation.tokens, validation.bytes, ...validation.documentStarts]).toEqual([0, 0, 0]);
  await expect(train.read(0, 38)).rejects.toThrow("must be places of 0 … 37 in order, got 0 and 38");
  await expect(train.read(5, 4)).rejects.toThrow("got 5 and 4");
  await close(train, validation);
});

test("no lock is left behind", async () => {
  const place = newPlace();
  const documents = many(20);
  for (const corpus of Object.values(await tokenize(documents, tokenizer, place))) await corpus.close();
  expect((await readdir(dirname(place))).filter((name) => name.startsWith(".lock"))).toEqual([]);
});

test("one document is split as nanoGPT splits it", async () => {
  const text = "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n".repeat(50);
  const { train, validation } = await tokenize(givenDocuments([{ id: "a", text }]), tokenizer, newPlace());
  const cut = Math.floor(0.9 * text.length);
  expect(await train.read(0, train.tokens)).toEqual(tokenizer.encode(text.slice(0, cut)));
  expect(await validation.read(0, validation.tokens)).toEqual(tokenizer.encode(text.slice(cut)));
  expect(train.hash).not.toBe(validation.hash);
  await close(train, validation);
});

const piecesOf = (text: string) => {
  const places = sentencePlaces(text);
  return places.map((place, n) => text.slice(place, places[n + 1]));
};

test("pieces that are encoded join to the text, and begin with the white space before them", () => {
  expect(piecesOf("\nOne.  Two.\n\nThree ")).toEqual(["\nOne.", "  Two.", "\n\nThree "]);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "B", ".", " ", "\n", "!") }), (text) => {
      const pieces = piecesOf(text);
      expect(pieces.join("")).toBe(text);
      expect(pieces.length).toBe(splitSentences(text).length);
      for (const piece of pieces.slice(0, -1)) expect(piece).toMatch(/\S$/);
    }),
  );
});

test("any documents: every token is there once, in order, in ids of two or four bytes", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "B", ".", " ", "\n", "?"), minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 14 }), fc.boolean(), async (texts, isLarge) => {
      const large = characterTokenizer(isLarge ? { vocabularySize: 70_000 } : {});
      texts[0] += "long"; // something must remain to train on
      const documents = givenDocuments(texts.map((text, n) => ({ id: `${n}`, text })));
      const { train, validation } = await tokenize(documents, large, newPlace(), { validationShare: 0.3 });
      const all = [...(await train.read(0, train.tokens)), ...(await validation.read(0, validation.tokens))];
      const expected = texts.flatMap((text) => [...large.encode(text)]);
      if (texts.length < 10) expect(all).toEqual(expected);
      else expect(all.sort()).toEqual(expected.sort());
      expect(train.bytes + validation.bytes).toBe(texts.join("").length);
      await close(train, validation);
    }),
    { numRuns: 25 },
  );
});

test("found again where nothing changed; made again where documents, tokenizer or settings did", async () => {
  const place = newPlace();
  let read = 0;
  const counted = (documents: Documents): Documents => ({
    ...documents,
    async *[Symbol.asyncIterator]() {
      read += 1;
      yield* documents;
    },
  });
  const reasons: string[] = [];
  const run = async (documents = many(12), by = tokenizer, validationShare = 0.1) => {
    read = 0;
    const options = { validationShare, onRebuild: (reason: string) => reasons.push(reason) };
    const { train, validation } = await tokenize(counted(documents), by, place, options);
    await close(train, validation);
    return [read > 0, train.hash] as const;
  };
  const [isMade, hash] = await run();
  expect(isMade).toBe(true);
  expect(await run()).toEqual([false, hash]);
  expect(reasons).toEqual([]);
  for (const changed of [
    () => run(many(13)),
    () => run(many(13), characterTokenizer({ skip: "~" })),
    () => run(many(13), characterTokenizer({ skip: "~" }), 0.2),
  ]) {
    const [isMadeAgain, another] = await changed();
    expect([isMadeAgain, another === hash]).toEqual([true, false]);
  }
  expect(reasons).toHaveLength(3);
  const opened = await openCorpus(place);
  expect(opened.train.documentStarts.length + opened.validation.documentStarts.length).toBe(15);
  await close(opened.train, opened.validation);
});

test("damage is named, and repaired by tokenizing again", async () => {
  const place = newPlace();
  const first = await tokenize(many(12), tokenizer, place);
  const ids = await first.train.read(0, first.train.tokens);
  await close(first.train, first.validation);
  const flip = async (name: string) => {
    const bytes = await readFile(`${place}/${name}`);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(`${place}/${name}`, bytes);
  };
  for (const [damage, message] of [
    [() => flip("train-tokens.bin"), /train-tokens.bin is damaged: its SHA-256 is/],
    [
      () => truncate(`${place}/validation-sentences.bin`, 4),
      /validation-sentences.bin is damaged: it has 4 bytes, not/,
    ],
    [() => writeFile(`${place}/cache.json`, "{}"), /cache.json is damaged/],
    [() => truncate(`${place}/cache.json`, 10), /cache.json is damaged/],
  ] as const) {
    await damage();
    await expect(openCorpus(place)).rejects.toThrow(message);
    const reasons: string[] = [];
    const { train, validation } = await tokenize(many(12), tokenizer, place, {
      onRebuild: (reason) => reasons.push(reason),
    });
    expect(reasons).toEqual([expect.stringMatching(message)]);
    expect(await train.read(0, train.tokens)).toEqual(ids);
    await close(train, validation);
  }
  await expect(openCorpus(folder.path("nowhere"))).rejects.toThrow("must be the folder of a tokenized corpus");
});

test("stopped or failing, it leaves what was there before and nothing half made", async () => {
  const place = folder.path("stopped/corpus");
  const before = await tokenize(many(12), tokenizer, place);
  await close(before.train, before.validation);
  const names = async () => (await readdir(folder.path("stopped"))).filter((name) => !name.startsWith(".lock"));

  const stop = new AbortController();
  const endless: Documents = {
    ...many(1),
    fingerprint: async () => "sha256:endless",
    async *[Symbol.asyncIterator](): AsyncGenerator<Document> {
      for (let n = 0; ; n += 1) yield { id: `${n}`, text: "Again and again. ".repeat(100) };
    },
  };
  setTimeout(() => stop.abort(), 200);
  await expect(tokenize(endless, tokenizer, place, { signal: stop.signal })).rejects.toThrow("aborted");
  expect(await names()).toEqual(["corpus"]);

  const failing: Documents = {
    ...endless,
    async *[Symbol.asyncIterator](): AsyncGenerator<Document> {
      yield { id: "0", text: "Good so far." };
      throw new Error("disk gone");
    },
  };
  await expect(tokenize(failing, tokenizer, place)).rejects.toThrow("disk gone");
  expect(await names()).toEqual(["corpus"]);
  const after = await openCorpus(place);
  expect(after.train.hash).toBe(before.train.hash);
  await close(after.train, after.validation);
});

test("progress is told, settings that cannot work are refused", async () => {
  const told: number[] = [];
  const { train, validation } = await tokenize(many(20), tokenizer, newPlace(), {
    onProgress: ({ documents }) => told.push(documents),
  });
  expect(told.at(-1)).toBe(20);
  await close(train, validation);
  await expect(tokenize(many(1), tokenizer, newPlace(), { validationShare: 1 })).rejects.toThrow(
    "from 0 to below 1, got 1",
  );
  const skipping = characterTokenizer({ skip: "~" });
  await expect(tokenize(givenDocuments([{ id: "a", text: "~~" }]), skipping, newPlace())).rejects.toThrow(
    "there must be tokens to train on, got none from 1 document",
  );
  const lying = { ...tokenizer, encode: () => Int32Array.of(70_000) };
  await expect(tokenize(many(1), lying, newPlace())).rejects.toThrow("a uint16 was due, got 70000");
});
