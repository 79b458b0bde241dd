/**
 * Files of features, by the ending of their name: what search, clustering or a classifier starts from.
 */
import type { FileHandle } from "node:fs/promises";
import { writeOutput } from "../checkpoint/write-output.js";
import { encodeSafetensors } from "../safetensors/file.js";
import { storeFloats } from "../safetensors/stored-tensor.js";
import { csvField } from "../tables/write-table.js";
import { UsageError } from "../usage-error.js";
import type { Embedded } from "./embed.js";
import { writeNpy } from "./npy.js";
import { writeParquet } from "./parquet.js";

interface Written {
  readonly count: number;
  readonly size: number;
}

export interface FeatureFile {
  /** What it holds, in words. */
  readonly holds: string;
  /** All that is written for a path. */
  paths(path: string): readonly string[];
  /** Writes them whole or not at all; throws where there are no features. */
  write(path: string, embedded: AsyncIterable<Embedded>): Promise<Written>;
}

export const featureFiles: Readonly<Record<string, FeatureFile>> = {
  ".jsonl": { holds: "an id and its features a line", paths: (path) => [path], write: writeLines },
  ".csv": { holds: "id, f0, f1 …", paths: (path) => [path], write: writeTable },
  ".safetensors": { holds: "ids in a .txt beside", paths: (path) => [path, idsFile(path)], write: writeTensor },
  ".parquet": {
    holds: "columns id, label where there are classes, embedding",
    paths: (path) => [path],
    write: (path, embedded) => writeOutput(path, async (file) => assertSome(await writeParquet(file, embedded))),
  },
  ".npy": { holds: "ids in a .ids.jsonl beside", paths: (path) => [path, namesFile(path)], write: writeArray },
};

function writeLines(path: string, embedded: AsyncIterable<Embedded>): Promise<Written> {
  return writeRows(path, embedded, (id, values) => JSON.stringify({ id, features: values }));
}

function writeTable(path: string, embedded: AsyncIterable<Embedded>): Promise<Written> {
  const header = (size: number) => ["id", ...Array.from({ length: size }, (_, place) => `f${place}`)].join(",");
  return writeRows(path, embedded, (id, values) => [csvField(id), ...values].join(","), header);
}

function writeRows(
  path: string,
  embedded: AsyncIterable<Embedded>,
  row: (id: string, values: readonly number[]) => string,
  header?: (size: number) => string,
): Promise<Written> {
  return writeOutput(path, async (file) => {
    let written = { count: 0, size: 0 };
    for await (const { ids, features } of embedded) {
      const { values, size } = features;
      if (written.count === 0 && header !== undefined) await file.writeFile(`${header(size)}\n`);
      const lines = ids.map((id, place) => row(id, [...values.subarray(place * size, (place + 1) * size)]));
      await file.writeFile(`${lines.join("\n")}\n`);
      written = { count: written.count + ids.length, size };
    }
    return assertSome(written);
  });
}

const idsFile = (path: string) => path.replace(/\.safetensors$/, ".txt");

/** `features`, [count, size]; the ids in order, a line each, in a text file beside. Neither file is there without the other. */
function writeTensor(path: string, embedded: AsyncIterable<Embedded>): Promise<Written> {
  return writeOutput(idsFile(path), (idsHandle) =>
    writeOutput(path, (handle) => fillTensor(handle, idsHandle, embedded)),
  );
}

const namesFile = (path: string) => path.replace(/\.npy$/, ".ids.jsonl");

/** Neither file is there without the other. */
function writeArray(path: string, embedded: AsyncIterable<Embedded>): Promise<Written> {
  return writeOutput(namesFile(path), (names) =>
    writeOutput(path, async (file) => assertSome(await writeNpy(file, names, embedded))),
  );
}

async function fillTensor(
  file: FileHandle,
  idsHandle: FileHandle,
  embedded: AsyncIterable<Embedded>,
): Promise<Written> {
  const parts: Float32Array[] = [];
  let [count, size] = [0, 0];
  for await (const { ids, features } of embedded) {
    await idsHandle.writeFile(`${ids.join("\n")}\n`);
    parts.push(features.values);
    count += ids.length;
    size = features.size;
  }
  const written = assertSome({ count, size });
  const values = new Float32Array(count * size); // [count, size]
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  for (const piece of encodeSafetensors([["features", storeFloats(values, [count, size])]]))
    await file.writeFile(piece);
  return written;
}

function assertSome(written: Written): Written {
  if (written.count > 0) return written;
  throw new UsageError("there must be something whose features can be written, and nothing in the data could be read.");
}
