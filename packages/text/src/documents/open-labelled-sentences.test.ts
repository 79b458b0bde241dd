import { describeFoundData } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { labelScheme } from "./label-scheme.js";
import { openLabelledSentences, readSentences } from "./open-labelled-sentences.js";

const folder = useTemporaryFolder();
const said = (open: Awaited<ReturnType<typeof openLabelledSentences>>) => describeFoundData(open.found, "sentences");
const entity = (n: number) => `Ann B-PER\nLee I-PER\nsaw O\nn${n} O\n`;

describe("openLabelledSentences", () => {
  it("holds out every fifth sentence, and says what it understood", async () => {
    const path = await folder.write("ner.conll", Array.from({ length: 6 }, (_, n) => entity(n)).join("\n"));
    const open = await openLabelledSentences(path);
    expect([open.train.length, open.test.map(({ id }) => id)]).toEqual([5, ["ner.conll:21"]]);
    expect(open).toMatchObject({
      judged: "entities",
      units: "words",
      labels: ["B-PER", "I-PER", "O"],
      isTestHeldOut: true,
    });
    expect(said(open)).toEqual([
      "CoNLL's columns apart by blanks, every fifth sentence held out to be tested on",
      '  columns: word from "column 1", label from "column 2 of 2"',
      "  train: 5 sentences in 1 file; B-PER 5, I-PER 5, O 10",
      "  test: 1 sentence in 1 file; B-PER 1, I-PER 1, O 2",
      "  labels B-PER, I-PER, O: entities, F1 of whole entities",
      "  train: 20 tokens, the longest sentence of 4 (ner.conll:1)",
      "  test: 4 tokens, the longest sentence of 4 (ner.conll:21)",
    ]);
  });

  it("holds out whole documents where five begin with -DOCSTART-", async () => {
    const documents = Array.from({ length: 5 }, (_, n) => `-DOCSTART- O\n\n${entity(n)}\n${entity(n)}`);
    const open = await openLabelledSentences(await folder.write("documents.conll", documents.join("\n")));
    expect([open.train.length, open.test.length, open.heldOut]).toEqual([8, 2, "every fifth document"]);
    expect(said(open)).toContain("  not read: 5 -DOCSTART- lines");
  });

  it("takes the parts of a folder by their names, and another file where that is told", async () => {
    for (const name of ["train", "dev", "test"]) await folder.write(`conll03/${name}.txt`, entity(0));
    await folder.write("conll03/README.txt", "how it was made\n");
    const open = await openLabelledSentences(folder.path("conll03"));
    expect([open.train, open.test].map((part) => part.map(({ id }) => id))).toEqual([["train.txt:1"], ["test.txt:1"]]);
    expect(said(open).filter((line) => line.includes("not read"))).toEqual([
      "  not read: 2 .txt files (README.txt, dev.txt)",
    ]);
    const told = await openLabelledSentences(folder.path("conll03"), { test: folder.path("conll03/dev.txt") });
    expect(told.test[0]!.id).toBe("dev.txt:1");
    for (const name of ["eng.train", "eng.testa", "eng.testb"]) await folder.write(`english/${name}`, entity(0));
    expect((await openLabelledSentences(folder.path("english"))).test[0]!.id).toBe("eng.testb:1");
    for (const name of ["en-ud-train.conllu", "en-ud-train.txt", "en-ud-dev.conllu"])
      await folder.write(`ud/${name}`, entity(0));
    expect((await openLabelledSentences(folder.path("ud"))).test[0]!.id).toBe("en-ud-dev.conllu:1");
    await folder.write("two/a.conll", entity(0));
    await folder.write("two/b.conll", entity(0));
    await expect(openLabelledSentences(folder.path("two"))).rejects.toThrow("got a.conll, b.conll. Name one file");
  });

  it("reads residues a line, and sequences with labels as long, alike", async () => {
    const proteins = ["MKV", "AAC", "GGH", "PPK", "MMM", "ACD"];
    const structures = ["CHH", "EEC", "HHH", "CCC", "EEE", "HCE"];
    const lines = proteins.map((own, n) => [...own].map((one, at) => `${one}\t${structures[n]![at]}\n`).join(""));
    const rows = proteins.map((own, n) => `${own}\t${structures[n]}`);
    const [byLine, byRow, named] = [
      await openLabelledSentences(await folder.write("residues.tsv", lines.join("\n"))),
      await openLabelledSentences(await folder.write("rows.tsv", `${rows.join("\n")}\n`)),
      await openLabelledSentences(await folder.write("named.tsv", `sequence\tss3\n${rows.join("\n")}\n`)),
    ];
    const contents = ({ train, test }: typeof byLine) =>
      [...train, ...test].map(({ words, labels }) => [words, labels]);
    expect(contents(byRow)).toEqual(contents(byLine));
    expect(contents(named)).toEqual(contents(byLine));
    for (const { judged, units } of [byLine, byRow, named]) expect([judged, units]).toEqual(["tokens", "characters"]);
    expect(said(byRow)[0]).toMatch(/^a TSV table of sequences, a label a character, .*, without a line of names$/);
    expect(said(byLine)).toContain("  labels C, E, H: one a token, accuracy and macro F1");
    const words = Array.from({ length: 5 }, (_, n) => JSON.stringify({ text: `Ann saw n${n}`, labels: "B-PER O O" }));
    const spaced = await openLabelledSentences(await folder.write("words.jsonl", `${words.join("\n")}\n`));
    expect([spaced.units, spaced.test[0]!.words]).toEqual(["words", ["Ann", "saw", "n4"]]);
  });

  it("names rows of unlike lengths, and stops where there are too many", async () => {
    const rows = ["MKV\tCHH", "AAC\tEE", "GGH\tHHH", "PPK\tCCC", "MMM\tEEE", "ACD\tHCE"];
    const path = await folder.write("unlike.tsv", `${rows.join("\n")}\n`);
    const broken: string[] = [];
    const { train } = await openLabelledSentences(path, { onCorrupt: ({ message }) => broken.push(message) });
    expect([train.length, broken]).toEqual([
      4,
      ["unlike.tsv:2: there must be a label for each character of the sequence, got 2 for 3"],
    ]);
    await expect(openLabelledSentences(path, { maxCorrupt: 0 })).rejects.toThrow("unlike.tsv:2");
  });

  it("refuses what it cannot understand by the option that settles it", async () => {
    const three = await folder.write("three.tsv", "MK\tCC\tEE\nAC\tHC\tHH\n");
    await expect(openLabelledSentences(three)).rejects.toThrow(
      "got 3 without names. Name it or its number: { textColumn: … }",
    );
    const same = await folder.write("same.conll", "a x _\nb y _\n\n".repeat(5));
    await expect(openLabelledSentences(same)).rejects.toThrow(
      "column 3 of 3 holds _ alone. Name the column of labels: { labelColumn: … }",
    );
    expect((await openLabelledSentences(same, { labelColumn: "2" })).labels).toEqual(["x", "y"]);
    await expect(openLabelledSentences(await folder.write("few.conll", entity(0)))).rejects.toThrow(
      "must have five sentences",
    );
  });
});

describe("labelScheme", () => {
  it("knows entities by their labels; told, each token for itself", () => {
    expect(labelScheme("a", ["B-PER", "O", "S-LOC"]).judged).toBe("entities");
    expect(labelScheme("a", ["B", "E", "H", "O"]).judged).toBe("tokens"); // secondary structures, not signs alone
    expect(labelScheme("a", ["B-PER", "O"], "tokens").judged).toBe("tokens");
  });

  it("refuses a mixture, and BILOU", () => {
    expect(() => labelScheme("a", ["B-PER", "NOUN"])).toThrow('judge each token for itself: { judged: "tokens" }');
    expect(() => labelScheme("a", ["B-PER", "L-PER", "U-PER"])).toThrow("Write L- as E- and U- as S-");
    expect(() => labelScheme("a", ["H", "E"], "entities")).toThrow("none of them does");
  });
});

it("readSentences reads words without their labels", async () => {
  const path = await folder.write("asked.conll", "Ann\nsaw\n\nRome\n");
  expect((await readSentences(path)).map(({ words }) => words)).toEqual([["Ann", "saw"], ["Rome"]]);
});
