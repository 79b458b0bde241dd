import fc from "fast-check";
import { expect, test } from "vitest";
import { collect } from "../testing/collect.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { type OpenDocumentsOptions, openDocuments } from "./open-documents.js";

const folder = useTemporaryFolder();

/** Text as it is read: line ends are \n, a byte-order mark is none of it. */
const read = (texts: readonly string[]) =>
  texts.map((text) => text.replace(/\r\n?/g, "\n")).filter((text) => text !== "");

const unit = fc.constantFrom("a", "B", " ", '"', ",", "\t", "\n", "\r\n", "é", "🙂", "\\", ";", "\u2028");
const texts = (units: fc.Arbitrary<string> = unit) =>
  fc
    .array(
      fc.array(units, { maxLength: 12 }).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 8 },
    )
    .filter((all) => all.some((text) => text !== ""));

async function expectRead(
  name: string,
  content: string,
  expected: readonly string[],
  options: OpenDocumentsOptions = {},
): Promise<void> {
  const path = await folder.write(name, content);
  expect((await collect(await openDocuments(path, options))).map(({ text }) => text)).toEqual(expected);
}

test("JSON Lines: what was written is read", async () => {
  await fc.assert(
    fc.asyncProperty(texts(), fc.constantFrom("\n", "\r\n"), fc.boolean(), async (all, end, isEnded) => {
      const content = all.map((text, n) => JSON.stringify({ n, text })).join(end) + (isEnded ? end : "");
      await expectRead("any.jsonl", content, read(all));
    }),
    { numRuns: 50 },
  );
});

test("CSV: what was written by RFC 4180 is read", async () => {
  await fc.assert(
    fc.asyncProperty(texts(), fc.constantFrom("\n", "\r\n"), async (all, end) => {
      const quoted = all.map((text) => `"${text.replaceAll('"', '""')}"`);
      const content = ["n,text", ...quoted.map((text, n) => `${n},${text}`)].join(end) + end;
      await expectRead("any.csv", content, read(all), { escape: "doubled" }); // untold, a backslash before a quote may be refused
    }),
    { numRuns: 50 },
  );
});

test("TSV: what was written is read, quotes and all", async () => {
  const inLine = fc.constantFrom("a", "B", " ", '"', '""', ",", "é", "🙂", "\\", ";");
  await fc.assert(
    fc.asyncProperty(texts(inLine), async (all) => {
      await expectRead("any.tsv", ["n\ttext", ...all.map((text, n) => `${n}\t${text}`)].join("\n"), read(all));
    }),
    { numRuns: 50 },
  );
});

test("FASTA: what was written is read, however its lines are broken", async () => {
  const sequence = fc.string({
    unit: fc.constantFrom("A", "C", "g", "t", "N", "*", "-"),
    minLength: 1,
    maxLength: 200,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(sequence, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 80 }),
      async (all, width) => {
        const lines = (residues: string) => residues.match(new RegExp(`.{1,${width}}`, "g"))!.join("\n");
        const content = all.map((residues, n) => `>seq${n} made up\n${lines(residues)}\n`).join("");
        await expectRead(
          "any.faa",
          content,
          all.map((residues) => residues.toUpperCase()),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test("FASTA: a long record comes in parts, a broken one ends", async () => {
  const path = await folder.write(
    "long.fna",
    `>chr1\n${`${"ACGT".repeat(15)}\n`.repeat(40_000)}>chr2\nAC!T\nACGT\n>chr3\nA\n`,
  );
  const documents = await collect(await openDocuments(path, { maxCorrupt: 0.5 }));
  expect(documents.map(({ id, continues }) => [id, continues])).toEqual([
    ["long.fna:chr1", undefined],
    ["long.fna:chr1", true],
    ["long.fna:chr1", true],
    ["long.fna:chr3", undefined],
  ]);
  expect(
    documents
      .slice(0, 3)
      .map(({ text }) => text)
      .join("") === "ACGT".repeat(600_000),
  ).toBe(true);
});

test("a line without end is broken, not gathered", async () => {
  const path = await folder.write(
    "endless.jsonl",
    Buffer.concat([Buffer.alloc(70 * 2 ** 20, "x"), Buffer.from('\n{"text":"A"}\n')]),
  );
  const documents = await openDocuments(path, { maxCorrupt: 0.5 });
  expect(await collect(documents)).toEqual([{ id: "endless.jsonl:2", text: "A" }]);
});
