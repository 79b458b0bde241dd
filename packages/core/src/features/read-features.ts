/**
 * Files of features read again, some rows at a time: what `featureFiles` writes, and what others write in the same form.
 */
import { open, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { CorruptSampleError } from "../data/dataset.js";
import { readAt } from "../metrics/whole-lines.js";
import { readSafetensors } from "../safetensors/file.js";
import { floatsOf } from "../safetensors/stored-tensor.js";
import { delimited } from "../tables/delimited.js";
import { jsonLines } from "../tables/json-lines.js";
import type { Row } from "../tables/rows.js";
import type { SourceFile } from "../tables/source-files.js";
import type { Embedded } from "./embed.js";
import { readNpyHeader } from "./npy.js";

/** Rows that are yielded together. */
const AT_ONCE = 1024;

interface NamedRow {
  readonly id: string;
  /** undefined where the file tells of no classes. */
  readonly label?: string | null | undefined;
  readonly values: ArrayLike<number>;
}

const READERS: Readonly<Record<string, (path: string) => AsyncIterable<NamedRow>>> = {
  ".jsonl": lineRows,
  ".csv": tableRows,
  ".safetensors": tensorRows,
  ".parquet": parquetRows,
  ".npy": arrayRows,
};

/** Refuses rows that are not all of one size, and numbers that are none, by their place. `path` ends as one of `featureFiles`. */
export async function* readFeatures(path: string): AsyncGenerator<Embedded, void> {
  const read = READERS[extname(path)];
  if (read === undefined)
    throw new Error(`readFeatures: ${path} must end in ${Object.keys(READERS).join(", ")}. embed writes such files.`);
  let size: number | undefined;
  let number = 0;
  let waiting: NamedRow[] = [];
  for await (const row of read(path)) {
    number += 1;
    size ??= row.values.length;
    assertRow(path, number, row, size);
    waiting.push(row);
    if (waiting.length < AT_ONCE) continue;
    yield together(waiting, size);
    waiting = [];
  }
  if (waiting.length > 0) yield together(waiting, size!);
}

function assertRow(path: string, number: number, row: NamedRow, size: number): void {
  const fault = faultOf(row, size);
  if (fault !== undefined) throw new Error(`readFeatures: ${path}, row ${number}, ${fault}. Was it written by embed?`);
}

function faultOf({ id, values }: NamedRow, size: number): string | undefined {
  if (typeof id !== "string") return "has no id";
  if (values.length !== size) return `has ${values.length} numbers, and the first has ${size}`;
  if (size === 0) return "has no numbers";
  for (let place = 0; place < size; place++)
    if (!Number.isFinite(values[place])) return "holds what is no finite number";
  return undefined;
}

function together(rows: readonly NamedRow[], size: number): Embedded {
  const values = new Float32Array(rows.length * size); // [rows, size]
  for (const [place, row] of rows.entries()) values.set(row.values, place * size);
  const ids = rows.map(({ id }) => id);
  const features = { values, count: rows.length, size };
  const isLabelled = rows.some(({ label }) => label !== undefined);
  return isLabelled ? { ids, features, labels: rows.map(({ label = null }) => label) } : { ids, features };
}

const sourceOf = async (path: string): Promise<SourceFile> => ({
  path,
  id: basename(path),
  bytes: (await stat(path)).size,
});

/** A broken row would shift those that follow: nothing is passed over. */
async function* rowsOf(rows: AsyncIterable<Row | CorruptSampleError>): AsyncGenerator<Row> {
  for await (const row of rows) {
    if (row instanceof CorruptSampleError) throw new Error(`readFeatures: ${row.message}. Was it written by embed?`);
    yield row;
  }
}

async function* lineRows(path: string): AsyncGenerator<NamedRow> {
  for await (const { value } of rowsOf(jsonLines(await sourceOf(path)))) {
    const values = value("features");
    yield {
      id: value("id") as string,
      label: value("label") as string | undefined,
      values: Array.isArray(values) ? values : [],
    };
  }
}

async function* tableRows(path: string): AsyncGenerator<NamedRow> {
  const written = { delimiter: ",", quote: "double", escape: "doubled" } as const;
  for await (const { columns, value } of rowsOf(delimited(await sourceOf(path), written))) {
    const numbers = columns.filter((name) => /^f\d+$/.test(name));
    yield {
      id: value("id") as string,
      label: value("label") as string | undefined,
      values: numbers.map((name) => (value(name) === "" ? Number.NaN : Number(value(name)))),
    };
  }
}

/** `features` [count, size], and the ids in a text file beside, a line each. */
async function* tensorRows(path: string): AsyncGenerator<NamedRow> {
  const tensor = (await readSafetensors(path)).tensors.get("features");
  const values = tensor && floatsOf(tensor);
  if (values === undefined || tensor?.shape.length !== 2)
    throw new Error(`readFeatures: ${path} must hold features, two-dimensional, of floats. embed writes such files.`);
  const [count, size] = tensor.shape as [number, number];
  const file = await open(path.replace(/\.safetensors$/, ".txt"));
  try {
    const ids = (await file.readFile("utf8")).split("\n").slice(0, -1);
    assertAsMany(path, count, ids.length);
    for (let row = 0; row < count; row++)
      yield { id: ids[row]!, values: values.subarray(row * size, (row + 1) * size) };
  } finally {
    await file.close();
  }
}

/** Columns id, label where there are classes, embedding; a row group at a time. */
async function* parquetRows(path: string): AsyncGenerator<NamedRow> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    for (const { num_rows: count } of metadata.row_groups) {
      const rowEnd = rowStart + Number(count);
      for (const row of await parquetReadObjects({ file, metadata, rowStart, rowEnd })) {
        const { id, label, embedding } = row as { id: string; label?: string | null; embedding?: number[] };
        yield { id, label, values: embedding ?? [] };
      }
      rowStart = rowEnd;
    }
  } catch (error) {
    throw new Error(`readFeatures: ${path} cannot be read as Parquet: ${(error as Error).message}. Is it whole?`, {
      cause: error,
    });
  }
}

/** float32 [count, size], and a line of JSON for each row beside. */
async function* arrayRows(path: string): AsyncGenerator<NamedRow> {
  const names = path.replace(/\.npy$/, ".ids.jsonl");
  const file = await open(path);
  try {
    const { count, size, begin } = readNpyHeader(await readAt(file, 0, 2 ** 16), path);
    const { size: bytes } = await file.stat();
    if (bytes !== begin + 4 * count * size)
      throw new Error(`readFeatures: ${path} must have ${begin + 4 * count * size} bytes, has ${bytes}. Is it whole?`);
    let row = 0;
    for await (const { value } of rowsOf(jsonLines(await sourceOf(names)))) {
      if (row === count) assertAsMany(path, count, row + 1);
      const held = await readAt(file, begin + 4 * row * size, 4 * size);
      const values = Float32Array.from({ length: size }, (_, place) => held.readFloatLE(4 * place));
      yield { id: value("id") as string, label: value("label") as string | null | undefined, values };
      row += 1;
    }
    assertAsMany(path, count, row);
  } finally {
    await file.close();
  }
}

function assertAsMany(path: string, rows: number, ids: number): void {
  if (rows === ids) return;
  throw new Error(`readFeatures: ${path} must have an id for each row, has ${rows} rows and ${ids} ids beside it.`);
}
