import { expect, it } from "vitest";
import { collect } from "../testing/collect.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { type OpenDocumentsOptions, openDocuments } from "./open-documents.js";

const folder = useTemporaryFolder();
const films = ["A bad, boring film", "What a lovely film", "Two hours of my life", "The best of this year"];
const rows = films.map((film, n) => `"${film}, number ${n}, to be seen",${n % 2 === 0 ? "neg" : "pos"}`);
const nameless = () => folder.write("nameless.csv", rows.join("\n"));
const named = (names: string) => folder.write("named.csv", [names, ...rows].join("\n"));

async function read(path: string, options: OpenDocumentsOptions) {
  const documents = await openDocuments(path, options);
  const texts = (await collect(documents)).map(({ text }) => text.replace(/,.*/s, ""));
  return { texts, found: documents.found };
}

it("a table without a line of names is read by the number of its column", async () => {
  const path = await nameless();
  for (const options of [{ column: "1", header: false }, { column: "1" }]) {
    const { texts, found } = await read(path, options);
    expect(texts).toEqual(["A bad", "What a lovely film", "Two hours of my life", "The best of this year"]);
    expect([found!.columns, found!.reading]).toEqual([{ text: "column 1" }, ["without a line of names"]]);
  }
});

it("a number counts the columns of a table with names too, unless one is called so", async () => {
  const path = await named("review,label");
  expect((await read(path, { column: "1", header: true })).found!.columns).toEqual({ text: "review" });
  expect((await read(path, { column: "1" })).texts).toHaveLength(4);
  const years = await folder.write("years.csv", "2,1\nolder,newer\n");
  expect((await read(years, { column: "1" })).texts).toEqual(["newer"]);
});

it("one column without a name needs no number", async () => {
  const path = await folder.write("lines.csv", films.join("\n").replaceAll(",", ""));
  expect((await read(path, { header: false })).texts).toHaveLength(4);
});

it("what settles it not is refused with what does", async () => {
  const path = await nameless();
  await expect(read(path, {})).rejects.toThrow(
    /must have a column text, got A bad.*, neg\. Name the column that holds it: \{ column: … \}; where the first row is a text like others, give its number: \{ column: "1" \}/,
  );
  await expect(read(path, { header: false })).rejects.toThrow(
    'must have a column text, and has 2 without names. Give the number of the one that holds the text: { column: "1" }.',
  );
  await expect(read(path, { column: "3" })).rejects.toThrow("must have a column 3");
  const unclear = await folder.write("unclear.csv", "good film,so so\nbad film,well\nold film,no\n");
  await expect(read(unclear, { column: "1" })).rejects.toThrow("Set { header: true } or { header: false }");
});
