import { expect, test } from "vitest";
import { collect } from "../testing/collect.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openDocuments } from "./open-documents.js";

const folder = useTemporaryFolder();
const documents = "blank-lines";

test("a sentence a line, a blank line between documents: each named by its first line", async () => {
  const path = await folder.write("a.txt", "\nOne.\r\nTwo.\r\n\r\n \t\n\nThree.\n");
  expect(await collect(await openDocuments(path, { documents }))).toEqual([
    { id: "a.txt:2", text: "One.\nTwo." },
    { id: "a.txt:7", text: "Three." },
  ]);
  expect(await collect(await openDocuments(path))).toHaveLength(1);
});

test("a long document comes in parts that together are the text; a broken line harms itself alone", async () => {
  const line = "A line of the long document, number";
  const long = Array.from({ length: 60_000 }, (_, i) => `${line} ${i}`).join("\n");
  const path = await folder.write(
    "b.txt",
    Buffer.concat([Buffer.from(`${long}\n\nfine\n`), Buffer.of(0xe9, 0x0a), Buffer.from("end")]),
  );
  const met: string[] = [];
  const read = await collect(await openDocuments(path, { documents, onCorrupt: ({ message }) => met.push(message) }));
  expect(read.map(({ id, continues }) => [id, continues])).toEqual([
    ["b.txt:1", undefined],
    ["b.txt:1", true],
    ["b.txt:1", true],
    ["b.txt:60002", undefined],
  ]);
  const text = read.slice(0, 3).map((part) => part.text);
  expect(text.join("") === long).toBe(true);
  expect(met).toEqual([expect.stringMatching(/^b.txt:60003: not UTF-8/)]);
});
