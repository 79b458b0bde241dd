/** Labelled tables as people have them: recognised by names or contents, or refused with the columns and the option. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRandom, describeFoundData } from "@autodidact/core";
import { describe, expect, test } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { readLabelledSet } from "./labelled-set.js";
import { type LabelledTextsOptions, openLabelledTexts } from "./open-labelled-texts.js";

const folder = useTemporaryFolder();
let sets = 0;

const opinions = ["dull from start to end", "a fine and moving film", "a lifeless mess, really", "great fun"];
const text = (i: number) => `${opinions[i % 4]} ${i}`;
const quoted = (i: number) => `"${text(i)}"`;
const table = (header: string, row: (i: number) => string, rows = 40) =>
  `${header === "" ? "" : `${header}\n`}${Array.from({ length: rows }, (_, i) => row(i)).join("\n")}\n`;

/** What was taken for text and class, the classes, and the text and class of the first row of the training part. */
async function read(files: Readonly<Record<string, string | Uint8Array>>, options?: LabelledTextsOptions) {
  sets += 1;
  const root = `set${sets}`;
  for (const [name, content] of Object.entries(files)) await folder.write(`${root}/${name}`, content);
  const { classes, train, test, found } = await openLabelledTexts(folder.path(root), options);
  const first = [train.examples[0], classes[train.labels[0]!]];
  return {
    columns: found!.columns,
    classes,
    first,
    sizes: [train.examples.length, test.examples.length],
    found: found!,
  };
}

describe("columns by their names", () => {
  test.each([
    ["tweet,target", (i: number) => `${quoted(i)},${i % 2}`, "tweet", "target"],
    ["id,comment_text,toxic", (i: number) => `${i},${quoted(i)},${i % 2}`, "comment_text", "toxic"],
    ["label,text", (i: number) => `${i % 2},${quoted(i)}`, "text", "label"],
    [",Review Text,Rating", (i: number) => `${i},${quoted(i)},${i % 2}`, "Review Text", "Rating"],
    ["Unnamed: 0,body,polarity", (i: number) => `${i},${quoted(i)},${i % 2}`, "body", "polarity"],
    ["utterance,intent", (i: number) => `${quoted(i)},${i % 2}`, "utterance", "intent"],
    [
      "tweet_id,airline_sentiment,name,text",
      (i: number) => `${i},${i % 2},n${i},${quoted(i)}`,
      "text",
      "airline_sentiment",
    ],
    ["text,label,label_text", (i: number) => `${quoted(i)},${i % 2},${i % 2 ? "good" : "bad"}`, "text", "label"],
    ["Id,Score,Summary,Text", (i: number) => `${i},${i % 2},short ${i},${quoted(i)}`, "Text", "Score"],
  ])("%s", async (header, row, textColumn, label) => {
    const found = await read({ "a.csv": table(header, row) });
    expect(found.columns).toEqual({ text: textColumn, label });
    expect([found.first, found.sizes]).toEqual([
      [text(0), "0"],
      [32, 8],
    ]);
  });

  test.each([
    [
      "several classes",
      "text,category,sentiment",
      (i: number) => `${quoted(i)},${i % 3},${i % 2}`,
      /"category" and "sentiment" could be it.*{ labelColumn: … }/,
    ],
    [
      "several answers of 0 and 1",
      "id,comment_text,toxic,obscene",
      (i: number) => `${i},${quoted(i)},${i % 2},${i % 3 && 1}`,
      /"toxic" and "obscene" could be it/,
    ],
    [
      "several texts",
      "label,title,description",
      (i: number) => `${i % 2},head ${i},${quoted(i)}`,
      /"title" and "description" could be it.*{ textColumn: … }/,
    ],
    [
      "a pair",
      "id,sentence1,sentence2,label",
      (i: number) => `${i},${quoted(i)},${quoted(i + 1)},${i % 2}`,
      /sentence1 with sentence2 are pairs.*{ textColumn: "sentence1" } or { textColumn: "sentence2" }/,
    ],
    [
      "a pair of the hub",
      "label,#1 ID,#2 ID,#1 String,#2 String",
      (i: number) => `${i % 2},${i}1,${i}2,${quoted(i)},${quoted(i + 1)}`,
      /#1 String with #2 String are pairs/,
    ],
    [
      "a question and its passage",
      "question,sentence,label",
      (i: number) => `${quoted(i)},${quoted(i + 1)},${i % 2}`,
      /question with sentence are pairs/,
    ],
    [
      "no classes",
      "id,text",
      (i: number) => `${i},${quoted(i)}`,
      /must have a column of classes. Its columns: id, text/,
    ],
    [
      "the same name twice",
      "text,text,label",
      (i: number) => `${quoted(i)},x,${i % 2}`,
      /"text" and "text" could be it/,
    ],
    [
      "texts for classes",
      "text,label",
      (i: number) => `${quoted(i)},other ${i}`,
      /labels that come again, got 40 different ones in 40 rows.*{ labelColumn: … }/,
    ],
    [
      "a measure for classes",
      "text,score",
      (i: number) => `${quoted(i)},${((i * 37) % 25) / 10}`,
      /labels that come again, got 25 different ones/,
    ],
  ])("%s are refused with the choice", async (_, header, row, message) => {
    await expect(read({ "a.csv": table(header, row) })).rejects.toThrow(message);
  });

  test("a column that is told settles it, by its name or its number", async () => {
    const pairs = table("id,sentence1,sentence2,label", (i) => `${i},${quoted(i)},${quoted(i + 1)},${i % 2}`);
    expect((await read({ "a.csv": pairs }, { textColumn: "sentence2" })).first).toEqual([text(1), "0"]);
    expect((await read({ "a.csv": pairs }, { textColumn: "2" })).columns!.text).toBe("sentence1");
    await expect(read({ "a.csv": pairs }, { textColumn: "9" })).rejects.toThrow(
      "must have a column 9, got id, sentence1",
    );
  });
});

describe("the first row names the columns, or is one of them", () => {
  test.each([
    ["text, then class", (i: number) => `${quoted(i)},${i % 2}`, ["column 1", "column 2"]],
    ["class, then text", (i: number) => `${i % 2 ? "spam" : "ham"},${quoted(i)}`, ["column 2", "column 1"]],
    [
      "a number of the row, class, text",
      (i: number) => `${i},${i < 20 ? 0 : 1},${quoted(i)}`,
      ["column 3", "column 2"],
    ],
    [
      "a day before them",
      (i: number) => `2020-01-${10 + (i % 20)},${quoted(i)},${i % 2 ? "pos" : "neg"}`,
      ["column 2", "column 3"],
    ],
    [
      "short texts that come again",
      (i: number) => `play ${i % 12},${["light", "music", "phone"][i % 3]}`,
      ["column 1", "column 2"],
    ],
    [
      "a class that is called as columns are",
      (i: number) => `${quoted(i)},${i % 2 ? "statement" : "question"}`,
      ["column 1", "column 2"],
    ],
  ])("without names: %s", async (_, row, [textColumn, label]) => {
    const { columns, found, sizes } = await read({ "a.csv": table("", row) });
    expect([columns, found.reading, sizes]).toEqual([
      { text: textColumn, label },
      ["without a line of names"],
      [32, 8],
    ]);
  });

  test("names that nobody knows are told by what stands below", async () => {
    const { columns, sizes } = await read({ "a.csv": table("v1,v2", (i) => `${i % 2 ? "spam" : "ham"},${quoted(i)}`) });
    expect([columns, sizes]).toEqual([{ text: "v2", label: "v1" }, [32, 8]]);
  });

  test("what is unclear is refused, and told it is read", async () => {
    const unclear = { "a.csv": table("a film to forget for ever,odd", (i) => `${quoted(i)},${i % 2}`) };
    await expect(read(unclear)).rejects.toThrow(
      /its first row, a film to forget for ever, odd, may name the columns.*{ header: true } or { header: false }/,
    );
    expect((await read(unclear, { header: false })).classes).toEqual(["0", "1", "odd"]);
    expect((await read(unclear, { header: true })).classes).toEqual(["0", "1"]);
  });
});

describe("labels", () => {
  test("1 and 1.0 are one class, so are true and TRUE; spaces count for nothing", async () => {
    const numbers = await read({
      "a.csv": table("text,label", (i) => `${quoted(i)},${["1", "1.0", " 0", "0.0 "][i % 4]}`),
    });
    expect(numbers.classes).toEqual(["0", "1"]);
    const truth = await read({
      "a.csv": table("text,label", (i) => `${quoted(i)},${["true", "TRUE", "False"][i % 3]}`),
    });
    expect(truth.classes).toEqual(["false", "true"]);
    const names = await read({ "a.csv": table("text,label", (i) => `${quoted(i)},${["1", "1.0", "b"][i % 3]}`) });
    expect(names.classes).toEqual(["1", "1.0", "b"]); // names, of which some look like numbers
  });

  test("rows without one are counted and passed over, in CSV and JSON Lines", async () => {
    const csv = await read({ "a.csv": table("text,label", (i) => `${quoted(i)},${i % 4 === 3 ? "" : i % 2}`) });
    expect([csv.classes, csv.sizes]).toEqual([
      ["0", "1"],
      [24, 6],
    ]);
    expect(csv.found.passedOver).toEqual([{ what: "rows without a label", count: 10, names: [] }]);
    const row = (i: number) =>
      JSON.stringify(i % 4 === 3 ? { text: text(i) } : { text: text(i), label: i % 4 ? i % 2 : null });
    const lines = await read({ "a.jsonl": table("", row) });
    expect([lines.classes, lines.found.passedOver[0]!.count]).toEqual([["0", "1"], 20]);
  });

  test("a label without a text is a broken row", async () => {
    const met: string[] = [];
    const rows = { "a.csv": table("text,label", (i) => `${i === 3 ? "" : quoted(i)},${i % 2}`) };
    const { sizes } = await read(rows, { onCorrupt: ({ message }) => met.push(message) });
    expect([sizes, met]).toEqual([[31, 8], ["a.csv:5: text must be text, got nothing"]]);
  });
});

describe("parts", () => {
  const part = (header: string, row: (i: number) => string, rows?: number) => table(header, row, rows);
  const labelled = (i: number) => `${text(i)}\t${i % 2}`;

  test("a test part without labels is named, and the dev part used", async () => {
    const { found, sizes } = await read({
      "train.tsv": part("sentence\tlabel", labelled),
      "dev.tsv": part("sentence\tlabel", labelled, 10),
      "test.tsv": part("index\tsentence", (i) => `${i}\t${text(i)}`, 6),
      "notes.md": "About it.",
    });
    expect(sizes).toEqual([40, 10]);
    expect(describeFoundData(found, "texts")).toEqual([
      "a TSV table",
      '  columns: text from "sentence", label from "label"',
      "  train: 40 texts in 1 file; 0 20, 1 20",
      "  validation: 10 texts in 1 file; 0 5, 1 5",
      "  not read: 1 file without labels (test.tsv)",
      "  not read: 1 .md file (notes.md)",
    ]);
  });

  test("without names, as CoLA; labels of -1, as Hugging Face's hub has them", async () => {
    const row = (i: number) => `gj04\t${i % 3 ? 1 : 0}\t${i % 3 ? "" : "*"}\t${text(i)}`;
    const cola = await read({
      "train.tsv": part("", row),
      "dev.tsv": part("", row, 10),
      "test.tsv": part("index\tsentence", (i) => `${i}\t${text(i)}`, 6),
    });
    expect([cola.columns, cola.sizes]).toEqual([{ text: "column 4", label: "column 2" }, [40, 10]]);
    const line = (label: (i: number) => number) => (i: number) => JSON.stringify({ text: text(i), label: label(i) });
    const hub = await read({
      "train.jsonl": part(
        "",
        line((i) => i % 2),
      ),
      "test.jsonl": part(
        "",
        line(() => -1),
        10,
      ),
      "validation.jsonl": part(
        "",
        line((i) => i % 2),
        10,
      ),
    });
    expect(hub.found.passedOver).toEqual([{ what: "files without labels", count: 1, names: ["test.jsonl"] }]);
  });

  test("the test part before the dev part, which is named; shards with columns in any order; a folder below", async () => {
    const { found, sizes } = await read({
      "data/train-00000-of-00002.csv": part("text,label", (i) => `${quoted(i)},${i % 2}`),
      "data/train-00001-of-00002.csv": part("label,text", (i) => `${i % 2},${quoted(i)}`),
      "data/test-00000-of-00001.csv": part("text,label", (i) => `${quoted(i)},${i % 2}`, 10),
      "data/dev.csv": part("text,label", (i) => `${quoted(i)},${i % 2}`, 10),
    });
    expect([sizes, found.parts.map(({ name, files }) => [name, files])]).toEqual([
      [80, 10],
      [
        ["train", 2],
        ["test", 1],
      ],
    ]);
    expect(found.passedOver).toEqual([{ what: "files of other parts", count: 1, names: ["data/dev.csv"] }]);
  });

  test("several sets or tables are refused by name; only parts without labels too", async () => {
    const one = part("text\tlabel", labelled);
    await expect(read({ "A/train.tsv": one, "B/train.tsv": one })).rejects.toThrow("one data set, got those in A, B");
    await expect(read({ "a.tsv": one, "b.tsv": one })).rejects.toThrow("got a.tsv, b.tsv. Name one file");
    const test = part("index\tsentence", (i) => `${i}\t${text(i)}`, 6);
    await expect(read({ "train.tsv": one, "test.tsv": test })).rejects.toThrow("only test.tsv without labels");
  });
});

describe("bytes", () => {
  test("latin1 is told in the error, and read where it is told", async () => {
    const latin = {
      "a.csv": Buffer.from(
        table("v1,v2", (i) => `${i % 2 ? "spam" : "ham"},${text(i)} £5`),
        "latin1",
      ),
    };
    await expect(read(latin)).rejects.toThrow(
      /found 11 in the first 12:\n.*line 2 is not UTF-8.*{ encoding: "latin1" }/,
    );
    const { first, found } = await read(latin, { encoding: "latin1" });
    expect([first, found.reading]).toEqual([[`${text(0)} £5`, "ham"], ["windows-1252"]]);
  });

  test("UTF-16 is known by its mark, and asked for without", async () => {
    const wide = Buffer.from(`\ufeff${table("text\tlabel", (i) => `${text(i)} é\t${i % 2}`)}`, "utf16le");
    const { first, found } = await read({ "a.csv": wide });
    expect([first, found.reading]).toEqual([[`${text(0)} é`, "0"], ["fields apart by tab"]]);
    await expect(read({ "a.csv": wide.subarray(2) })).rejects.toThrow('set { encoding: "utf-16le" }');
    expect((await read({ "a.csv": wide.subarray(2) }, { encoding: "utf-16le" })).first).toEqual([`${text(0)} é`, "0"]);
    await expect(read({ "a.csv": wide.subarray(2).swap16() })).rejects.toThrow('set { encoding: "utf-16be" }');
    await expect(read({ "a.csv": "" }, { encoding: "nonsense" })).rejects.toThrow('got "nonsense"');
  });

  test("UTF-16 is not proposed for bytes that only hold NULs", async () => {
    const damaged = Buffer.from(table("text,label", (i) => `${text(i)}${i === 9 ? "\0" : ""},${i % 2}`));
    const numbers = createRandom(1);
    const random = Buffer.from(Array.from({ length: 5000 }, () => numbers.integer(256)));
    for (const bytes of [damaged, random, Buffer.alloc(5000), Buffer.from("a\0b")])
      await expect(read({ "a.csv": bytes })).rejects.toThrow(
        /NUL characters, the first at byte \d+\. Is it a binary file, or damaged\?$/,
      );
  });

  test("Parquet: columns are found, or refused, as in other tables", async () => {
    const bytes = readFileSync(fileURLToPath(new URL("../oracles/parquet/none.parquet", import.meta.url)));
    await expect(read({ "a.parquet": bytes })).rejects.toThrow(/Its columns: id, text, score|labels that come again/);
    await expect(read({ "a.parquet": bytes }, { labelColumn: "class" })).rejects.toThrow(
      "must have a column class, got id, text, score",
    );
    const asked = { labelColumn: "text", textColumn: "text", maxCorrupt: 0.9 };
    const { found } = await readLabelledSet(await folder.write("told.parquet", bytes), asked);
    expect([found.columns, found.kind]).toEqual([{ text: "text", label: "text" }, "a Parquet table"]);
    await expect(read({ "a.parquet": bytes }, asked)).rejects.toThrow("two classes at least must have two examples");
  });
});
