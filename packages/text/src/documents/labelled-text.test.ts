import { expect, test } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openLabelledText } from "./labelled-text.js";

const folder = useTemporaryFolder();

test("a TSV file without a line of names, as SST-2 is often passed around: text, then class", async () => {
  const path = await folder.write("train.tsv", "a stirring , funny film\t1\n\" dull , he wo n't laugh\t0\nfine\t1\n");
  expect(await openLabelledText(path)).toEqual({
    texts: ["a stirring , funny film", "\" dull , he wo n't laugh", "fine"],
    labels: Int32Array.of(1, 0, 1),
    classes: ["0", "1"],
  });
});

test("a line of names, in either order of columns, whatever the capitals", async () => {
  const path = await folder.write("dev.csv", 'Label,id,Sentence\nspam,1,"Buy, now"\nham,2,Hello\n');
  expect(await openLabelledText(path)).toEqual({
    texts: ["Buy, now", "Hello"],
    labels: Int32Array.of(1, 0),
    classes: ["ham", "spam"],
  });
  const named = await openLabelledText(path, { textColumn: "Label", labelColumn: "id" });
  expect(named.texts).toEqual(["spam", "ham"]);
});

test("JSON Lines; numbers are ordered as numbers", async () => {
  const path = await folder.write("a.jsonl", '{"text":"ten","label":10}\n{"text":"two","label":2}\n');
  expect(await openLabelledText(path)).toEqual({
    texts: ["ten", "two"],
    labels: Int32Array.of(1, 0),
    classes: ["2", "10"],
  });
});

test("the classes of the training file are kept", async () => {
  const path = await folder.write("test.tsv", "fine\tgood\n");
  expect((await openLabelledText(path, { classes: ["bad", "good"] })).labels).toEqual(Int32Array.of(1));
  const two = await folder.write("two.tsv", "fine\tgood\nwell\tgood\n");
  await expect(openLabelledText(two, { classes: ["bad"] })).rejects.toThrow(
    /labels of .*two.tsv must be bad, got good/,
  );
});

test("what is missing is told", async () => {
  const csv = await folder.write("names.csv", "text,stars\na,1\n");
  await expect(openLabelledText(csv, { labelColumn: "label" })).rejects.toThrow(
    "must have a column label, got text, stars. Set another: { labelColumn: … }",
  );
  expect((await openLabelledText(csv)).classes).toEqual(["1"]);
  const json = await folder.write("names.jsonl", '{"text":"a","source":1}');
  await expect(openLabelledText(json)).rejects.toThrow(
    "must have a column of classes. Its columns: text, source. Name it: { labelColumn: … }",
  );
  await expect(openLabelledText(await folder.write("one.tsv", "a\n"))).rejects.toThrow(
    "must have a column of classes. Its columns: column 1.",
  );
  await expect(openLabelledText(await folder.write("a.txt", "a"))).rejects.toThrow(
    "must be one file, .csv, .tsv, .jsonl",
  );
  await expect(openLabelledText(await folder.write("none.csv", "text,label\n"))).rejects.toThrow(
    "must have rows with labels, got none",
  );
  await expect(openLabelledText(await folder.write("odd.jsonl", '{"text":"a","label":[]}'))).rejects.toThrow(
    "odd.jsonl:1: text must be text and label a name or number",
  );
});
