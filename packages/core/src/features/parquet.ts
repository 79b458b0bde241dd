/**
 * Features as a Parquet table, row group by row group: what embedding-atlas, DuckDB, pandas and Polars open.
 *
 * Columns: `id` (text), `label` (text, nullable; of data with classes), `embedding` (list<float>).
 */
import type { FileHandle } from "node:fs/promises";
import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import type { Embedded } from "./embed.js";

export interface WriteParquetOptions {
  /** Numbers in a row group, unless a single row has more: the writer holds a few copies of a group while it encodes it. 2²⁰ unless told. */
  readonly groupNumbers?: number | undefined;
}

const text: Pick<SchemaElement, "type" | "converted_type"> = { type: "BYTE_ARRAY", converted_type: "UTF8" };
const schemaOf = (isLabelled: boolean): SchemaElement[] => [
  { name: "schema", num_children: isLabelled ? 3 : 2 },
  { ...text, name: "id", repetition_type: "REQUIRED" },
  ...(isLabelled ? [{ ...text, name: "label", repetition_type: "OPTIONAL" } as const] : []),
  { name: "embedding", converted_type: "LIST", repetition_type: "REQUIRED", num_children: 1 },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  { name: "element", type: "FLOAT", repetition_type: "REQUIRED" },
];

/** Rows that wait for their group. */
interface Group {
  readonly ids: string[];
  readonly labels: (string | null)[];
  readonly rows: number[][];
}

/**
 * Writes the whole table into an empty file; what is in memory does not grow with it. Labels have a column where the first part has them.
 * Gives the number of rows and of features in each: 0 of nothing. `commitFilledFile` makes a file that is there whole or not at all.
 */
export async function writeParquet(
  file: FileHandle,
  embedded: AsyncIterable<Embedded>,
  { groupNumbers = 2 ** 20 }: WriteParquetOptions = {},
): Promise<{ count: number; size: number }> {
  const bytes = new ByteWriter();
  let table: ParquetWriter | undefined;
  let isLabelled = false;
  let group: Group = { ids: [], labels: [], rows: [] };
  let written = { count: 0, size: 0 };

  const begun = () => {
    table ??= new ParquetWriter({ writer: bytes, schema: schemaOf(isLabelled), codec: "UNCOMPRESSED" }); // floats do not shrink
    return table;
  };
  const writeGroup = async () => {
    const { ids, labels, rows } = group;
    const plain = { encoding: "PLAIN", statistics: false } as const;
    const columnData = [
      { name: "id", data: ids, ...plain },
      ...(isLabelled ? [{ name: "label", data: labels }] : []),
      { name: "embedding", data: rows, ...plain },
    ];
    await begun().write({ columnData, rowGroupSize: ids.length });
    await drain(bytes, file);
    group = { ids: [], labels: [], rows: [] };
  };

  for await (const { ids, labels, features } of embedded) {
    const { values, size } = features;
    if (written.count === 0) isLabelled = labels !== undefined;
    for (const [place, id] of ids.entries()) {
      group.ids.push(id);
      group.labels.push(labels?.[place] ?? null);
      group.rows.push([...values.subarray(place * size, (place + 1) * size)]);
      if (group.ids.length * size >= groupNumbers) await writeGroup();
    }
    written = { count: written.count + ids.length, size };
  }
  if (group.ids.length > 0) await writeGroup();
  await begun().finish();
  await drain(bytes, file);
  return written;
}

/** The writer goes on counting, in an empty buffer. */
async function drain(bytes: ByteWriter, file: FileHandle): Promise<void> {
  await file.writeFile(bytes.getBytes());
  bytes.index = 0;
}
