import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { collect } from "../testing/collect.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openDocuments } from "./open-documents.js";

const folder = useTemporaryFolder();
const pathOf = (name: string) => fileURLToPath(new URL(`../oracles/parquet/${name}`, import.meta.url));

/** What Apache Arrow reads in each file (tools/oracles/parquet_files.py). */
const expected: Record<string, (string | null)[]> = JSON.parse(readFileSync(pathOf("texts.json"), "utf8"));

test.each(Object.keys(expected))("%s.parquet reads as in Arrow", async (name) => {
  const documents = await collect(await openDocuments(pathOf(`${name}.parquet`), { maxCorrupt: 0.2 }));
  const rows = expected[name]!.map((text, row) => ({ id: `${name}.parquet:${row + 1}`, text: text ?? "" }));
  expect(documents).toEqual(rows.filter(({ text }) => text !== ""));
});

test("rows without text or with broken UTF-8 are counted", async () => {
  await expect(async () => collect(await openDocuments(pathOf("holes.parquet"), { maxCorrupt: 0 }))).rejects.toThrow(
    "holes.parquet:4: text must be text, got nothing",
  );
  await expect(async () => collect(await openDocuments(pathOf("broken.parquet"), { maxCorrupt: 1 }))).rejects.toThrow(
    "broken.parquet:2: not UTF-8\n  broken.parquet:6: not UTF-8",
  );
  const documents = await collect(await openDocuments(pathOf("broken.parquet"), { maxCorrupt: 0.3 }));
  expect(documents.map(({ text }) => text)).toEqual(["good", "well", "fine", "good", "well", "fine"]);
});

test("another column, a missing one, a file cut short", async () => {
  const documents = await openDocuments(pathOf("none.parquet"), { column: "body" });
  await expect(collect(documents)).rejects.toThrow("must have a column body, got id, text, score");
  const number = await openDocuments(pathOf("none.parquet"), { column: "score" });
  await expect(collect(number)).rejects.toThrow("score must be text, got number");
  const bytes = readFileSync(pathOf("none.parquet"));
  const cut = await openDocuments(await folder.write("cut.parquet", bytes.subarray(0, 5000)));
  await expect(collect(cut)).rejects.toThrow("cut.parquet is no Parquet file");
  const gzip = readFileSync(pathOf("gzip.parquet")).fill(0, 200, 1200);
  const damaged = await openDocuments(await folder.write("damaged.parquet", gzip));
  await expect(collect(damaged)).rejects.toThrow(/damaged.parquet, rows 1 to 10, cannot be read/);
});
