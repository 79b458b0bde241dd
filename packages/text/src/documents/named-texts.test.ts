import { expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openLabelledTexts } from "./open-labelled-texts.js";

const folder = useTemporaryFolder();

async function notes(names: readonly string[]): Promise<void> {
  for (const name of names) await folder.write(name, `The text of ${name}`);
}

it("reads the files that a table names, beside it", async () => {
  const names = Array.from({ length: 10 }, (_, n) => `notes/${n}.txt`);
  await notes(names);
  const rows = names.map((name, n) => `${name},${n % 2 === 0 ? "even" : "odd"}`);
  const path = await folder.write("named.csv", `path,label\n${rows.join("\n")}\n`);
  const { train, test, classes, found } = await openLabelledTexts(path);
  expect(classes).toEqual(["even", "odd"]);
  expect([...train.examples, ...test.examples].sort()).toEqual(names.map((name) => `The text of ${name}`));
  expect(found!.columns).toEqual({ text: "path", label: "label" });
  expect(found!.reading).toContain("each text in the file that its row names");
});

it("names rows whose file is missing, and passes them over", async () => {
  const names = Array.from({ length: 6 }, (_, n) => `more/${n}.md`);
  await notes(names.slice(1));
  const rows = names.map((name, n) => `${name},${n % 2 === 0 ? "even" : "odd"}`);
  const path = await folder.write("gone.csv", `path,label\n${rows.join("\n")}\n`);
  const told: string[] = [];
  const { train, test } = await openLabelledTexts(path, { onCorrupt: (error) => void told.push(error.message) });
  expect(train.examples.length + test.examples.length).toBe(5);
  expect(told).toEqual([expect.stringContaining("it names more/0.md, which is no file beside the table")]);
});

it("takes texts as they are where another column has them, and where not all are names of files", async () => {
  const named = "path,text,label\na.txt,good day,x\nb.txt,bad day,y\na.txt,fine day,x\nb.txt,grey day,y\n";
  const path = await folder.write("both.csv", named);
  const { train, test } = await openLabelledTexts(path);
  expect([...train.examples, ...test.examples]).toContain("good day");
  const mixed = "text,label\nlook at a.txt,x\nb.txt,y\nfine,x\nc.txt,y\n";
  const other = await openLabelledTexts(await folder.write("mixed.csv", mixed));
  expect([...other.train.examples, ...other.test.examples]).toContain("b.txt");
});
