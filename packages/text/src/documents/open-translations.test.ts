import { describeFoundData } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openTranslations } from "./open-translations.js";

const folder = useTemporaryFolder();
const rows = (count: number) => Array.from({ length: count }, (_, n) => `the number ${n}\tla zahl ${n}`);
const said = (open: Awaited<ReturnType<typeof openTranslations>>) => describeFoundData(open.found, "pairs");

describe("openTranslations", () => {
  it("holds out every fifth source text with all its translations, and says what it understood", async () => {
    const again = "the number 4\tdie Vier";
    const open = await openTranslations(await folder.write("pairs.tsv", `${[...rows(6), again].join("\n")}\n`));
    expect([open.train.length, open.test.map(({ target }) => target)]).toEqual([5, ["la zahl 4", "die Vier"]]);
    expect(said(open)).toEqual([
      "a TSV table, every fifth source text held out to be tested on, without a line of names",
      '  columns: source from "column 1", target from "column 2"',
      "  train: 5 pairs in 1 file",
      "  test: 2 pairs in 1 file",
      "  the first pair: the number 0 → la zahl 0",
      "  train: sources of at most 3 words (pairs.tsv:1), targets of at most 3",
    ]);
  });

  it("understands a line of names: roles, languages, or told", async () => {
    const open = async (head: string, options = {}) =>
      openTranslations(await folder.write("named.tsv", `${head}\n${rows(5).join("\n")}\n`), options);
    for (const head of ["source\ttarget", "English\tGerman"])
      expect((await open(head)).train[0]!.source).toBe("the number 0");
    expect((await open("English\tAnglais")).train[0]!.source).toBe("English");
    await expect(open("en\tde")).rejects.toThrow("may name languages or be a pair. Set { header: true }");
    expect((await open("en\tde", { header: true })).found.columns).toEqual({ source: "en", target: "de" });
    const turned = await open("source\ttarget", { textColumn: "target", labelColumn: "source" });
    expect(turned.train[0]).toMatchObject({ source: "la zahl 0", target: "the number 0" });
  });

  it("names lines of other than two fields, and empty ones, and stops where there are too many", async () => {
    const path = await folder.write(
      "broken.tsv",
      `${[...rows(3), "one alone", "a\tb\tc", "x\t", ...rows(6)].join("\n")}\n`,
    );
    const broken: string[] = [];
    const { train, test } = await openTranslations(path, { onCorrupt: ({ message }) => broken.push(message) });
    expect(train.length + test.length).toBe(9);
    expect(broken).toEqual([
      "broken.tsv, line 4: it must have 2 fields as the first line has, got 1",
      "broken.tsv, line 5: it must have 2 fields as the first line has, got 3",
      "broken.tsv:6: the target must be a text, got nothing",
    ]);
    await expect(openTranslations(path, { maxCorrupt: 0 })).rejects.toThrow("broken.tsv, line 4");
  });

  it("takes a folder's parts, tables of other kinds, and asks where there are more columns", async () => {
    for (const part of ["train", "test"]) await folder.write(`set/${part}.tsv`, `${rows(3).join("\n")}\n`);
    const open = await openTranslations(folder.path("set"));
    expect([open.train.length, open.test.length, open.isTestHeldOut]).toEqual([3, 3, false]);
    const lines = Array.from({ length: 5 }, (_, n) =>
      JSON.stringify({ id: n, translation: `ja ${n}`, source: `yes ${n}` }),
    );
    const json = await openTranslations(await folder.write("lines.jsonl", lines.join("\n")));
    expect(json.train[0]).toMatchObject({ source: "yes 0", target: "ja 0" });
    const three = await folder.write("three.tsv", "a b\tc d\te f\n".repeat(5));
    await expect(openTranslations(three)).rejects.toThrow(
      "must have two columns, source and target, got 3 without names",
    );
    const few = await folder.write("few.tsv", `${rows(4).join("\n")}\n`);
    await expect(openTranslations(few)).rejects.toThrow("must have five source texts");
  });
});
