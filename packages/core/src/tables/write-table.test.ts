import { parquetReadObjects } from "hyparquet";
import { expect, it } from "vitest";
import { encodeTable, type TableColumn } from "./write-table.js";

const columns: TableColumn[] = [
  { name: "who", type: "text", values: ["plain", 'a "b", c', null] },
  { name: "score", type: "number", values: [0.5, null, 1e-9] },
];
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

it("writes CSV as RFC 4180 has it", () => {
  expect(text(encodeTable(columns, "csv"))).toBe('who,score\r\nplain,0.5\r\n"a ""b"", c",\r\n,1e-9\r\n');
});

it("writes JSON that is a list of rows", () => {
  const rows = [
    { who: "plain", score: 0.5 },
    { who: 'a "b", c', score: null },
    { who: null, score: 1e-9 },
  ];
  expect(JSON.parse(text(encodeTable(columns, "json")))).toEqual(rows);
  expect(text(encodeTable([], "json"))).toBe("[]\n");
});

it("writes Parquet that another reader reads, rows or none", async () => {
  const read = async (table: readonly TableColumn[]) => {
    const bytes = encodeTable(table, "parquet");
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    return parquetReadObjects({ file });
  };
  expect(await read(columns)).toEqual([
    { who: "plain", score: 0.5 },
    { who: 'a "b", c', score: null },
    { who: null, score: 1e-9 },
  ]);
  expect(await read(columns.map((column) => ({ ...column, values: [] })))).toEqual([]);
});

it("refuses columns of unlike length", () => {
  expect(() => encodeTable([columns[0]!, { ...columns[1]!, values: [] }], "csv")).toThrow(
    "got 3 of who and 0 of score",
  );
});
