/** A table written in any of the forms reads back as the same rows, or is refused: never as other rows. */
import { CorruptSampleError, type DialectOptions } from "@autodidact/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openTable } from "./table-file.js";

const folder = useTemporaryFolder();

/** Rows as they are read, or why they are not. */
async function read(name: string, content: string | Uint8Array, options?: DialectOptions): Promise<string[][] | Error> {
  const path = await folder.write(name, content);
  const rows: string[][] = [];
  try {
    const { rows: all } = await openTable({ path, id: name, bytes: content.length }, options);
    for await (const row of all()) {
      if (row instanceof CorruptSampleError) return row;
      rows.push(row.cells.map((cell) => cell ?? ""));
    }
  } catch (error) {
    return error as Error;
  }
  return rows;
}

const sign = fc.constantFrom("a", "Bc", " ", '"', ",", ";", "|", "\t", "\n", "é", "🙂", "'", "word");
const cell = fc.array(sign, { maxLength: 10 }).map((signs) => signs.join(""));
const rowsOf = (width: number) =>
  fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 });
const rows = fc.integer({ min: 2, max: 4 }).chain(rowsOf);

const encoders: Record<string, (text: string) => Uint8Array> = {
  "utf-8": (text) => Buffer.from(text),
  "utf-8 with a mark": (text) => Buffer.from(`\ufeff${text}`),
  "utf-16le with a mark": (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
  "utf-16be with a mark": (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
};

/** Quoted only where it must be, as spreadsheets write. */
const minimal = (delimiter: string) => (value: string) =>
  value.includes(delimiter) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
const always = () => (value: string) => `"${value.replaceAll('"', '""')}"`;
const backslashed = () => (value: string) => `"${value.replaceAll('"', '\\"')}"`;

test("CSV in any delimiter, quoting, line end and encoding: the same rows, or a refusal", async () => {
  const form = fc.record({
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    quoting: fc.constantFrom(minimal, always, backslashed),
    end: fc.constantFrom("\n", "\r\n"),
    encoding: fc.constantFrom(...Object.keys(encoders)),
    header: fc.boolean(),
  });
  let same = 0;
  await fc.assert(
    fc.asyncProperty(rows, form, async (made, { delimiter, quoting, end, encoding, header }) => {
      const all = header ? [made[0]!.map((_, place) => `name${place}`), ...made] : made;
      const text = all.map((row) => row.map(quoting(delimiter)).join(delimiter)).join(end) + end;
      const got = await read("any.csv", encoders[encoding]!(text));
      if (got instanceof Error) return;
      same += 1;
      expect(got).toEqual(all);
    }),
    { numRuns: 300 },
  );
  expect(same).toBeGreaterThan(180);
});

test("what is told is read, whatever it looks like", async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom(",", ";", "tab", "|"),
      fc.boolean(),
      async (made, delimiter, isBackslashed) => {
        const between = delimiter === "tab" ? "\t" : delimiter;
        const written = made.map((row) => row.map(isBackslashed ? backslashed() : always()).join(between)).join("\n");
        const options = { delimiter, escape: isBackslashed ? "backslash" : "doubled" } as const;
        expect(await read("any.csv", written, options)).toEqual(made);
      },
    ),
    { numRuns: 100 },
  );
});

test("a table that fits in two ways is refused with both", async () => {
  expect(await read("two.csv", "Good, very;1\nBad, so;0\nBad, yes;0\n")).toMatchObject({
    message: expect.stringMatching(/fields apart by , or by ;\. Set one: { delimiter: "," } or { delimiter: ";" }/),
  });
  expect(await read("two.csv", "Good, very;1\nBad, so;0\nBad, yes;0\n", { delimiter: ";" })).toHaveLength(3);
  expect(await read("no.csv", "a", { delimiter: ";;" })).toMatchObject({
    message: expect.stringContaining('got ";;"'),
  });
});

test("latin1 as the web has it, shift_jis, and bytes that are neither", async () => {
  const euro = Buffer.from([...Buffer.from("price,n\n5 "), 0x80, ...Buffer.from(",1\n")]);
  expect(await read("e.csv", euro, { encoding: "latin1" })).toEqual([
    ["price", "n"],
    ["5 €", "1"],
  ]);
  const japanese = Buffer.from([...Buffer.from("text,n\n"), 0x93, 0xfa, 0x96, 0x7b, ...Buffer.from(",1\n")]); // 日本
  expect(await read("j.csv", japanese, { encoding: "shift_jis" })).toEqual([
    ["text", "n"],
    ["日本", "1"],
  ]);
  expect(await read("e.csv", euro, { encoding: "shift_jis" })).toBeInstanceOf(Error);
});
