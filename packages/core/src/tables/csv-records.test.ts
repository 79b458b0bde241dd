import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CsvDialect, csvReader } from "./csv-records.js";

const plain: CsvDialect = { delimiter: ",", quote: '"', escape: '"' };

/** All items, of pieces that end anywhere. */
function read(text: string, dialect = plain, pieceLength = 3) {
  const bytes = Buffer.from(text);
  const reader = csvReader(dialect);
  const items = [];
  for (let at = 0; at < bytes.length; at += pieceLength)
    items.push(...reader.push(bytes.subarray(at, at + pieceLength)));
  items.push(...reader.end());
  return items.map((item) => ("fields" in item ? item.fields.map(String) : item));
}

test("RFC 4180's own examples", () => {
  expect(read('aaa,bbb,ccc\r\n"b ""b""\r\nbb",,"c,c"\r\nzzz,yyy,xxx')).toEqual([
    ["aaa", "bbb", "ccc"],
    ['b "b"\r\nbb', "", "c,c"],
    ["zzz", "yyy", "xxx"],
  ]);
});

test("a quote inside an unquoted field is a character; behind a closing quote nothing may stand", () => {
  expect(read('a 5" pipe,0\n"so" it is,1\nb,2\n')).toEqual([
    ['a 5" pipe', "0"],
    { reason: 'a quoted field goes on behind its closing "', line: 2, lastLine: 2 },
    ["b", "2"],
  ]);
});

test("a record that breaks the rules harms its own lines, which are told; blank lines are none", () => {
  expect(read('a,b\n\nc\n"d\n\ne"f,1\n1,2,3\ng,h\n')).toEqual([
    ["a", "b"],
    { reason: "it must have 2 fields as the first line has, got 1", line: 3, lastLine: 3 },
    { reason: 'a quoted field goes on behind its closing "', line: 4, lastLine: 6 },
    { reason: "it must have 2 fields as the first line has, got 3", line: 7, lastLine: 7 },
    ["g", "h"],
  ]);
});

test("a backslash before a quote or itself, where that is the way", () => {
  const backslash = { ...plain, escape: "\\" };
  expect(read('"he said \\"hi\\"","C:\\\\",\\n\n"a\\b",c,d\n', backslash)).toEqual([
    ['he said "hi"', "C:\\", "\\n"],
    ["a\\b", "c", "d"],
  ]);
});

test("a quote that is never closed is told with its line; so are more columns than tables have", () => {
  expect(() => read('a\nb\n"c\nd\n')).toThrow("a quoted field that begins on line 3 does not end");
  expect(() => read(",".repeat(20_000), plain, 1024)).toThrow("at most 16384 columns are read, got more on line 1");
  expect(read(`a,b\n${",".repeat(20_000)}\n`, plain, 1024)[1]).toMatchObject({
    line: 2,
    reason: expect.stringContaining("got 20001"),
  });
});

test("what csv-parse, another program, reads without complaint is read the same, wherever the pieces end", () => {
  const sign = fc.constantFrom("a", "B", " ", '"', '""', ",", ";", "\n", "\r\n", "é", "🙂", '"x"', "\\");
  const text = fc.array(sign, { maxLength: 40 }).map((signs) => signs.join(""));
  let compared = 0;
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (written, pieceLength) => {
      let theirs: string[][];
      try {
        theirs = parse(written, { record_delimiter: ["\r\n", "\n"], skip_empty_lines: true });
      } catch {
        return;
      }
      compared += 1;
      expect(read(written, plain, pieceLength)).toEqual(theirs);
    }),
    { numRuns: 3000 },
  );
  expect(compared).toBeGreaterThan(300);
});
