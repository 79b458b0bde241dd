/**
 * index.duckdb in a store: its results as a table that SQL reads. It is made of the journal, and made again where that has changed.
 *
 * index.json says which journal it is of, and the hash of its bytes. It is written first: who is killed between the two, and a disk that flips
 * a bit, leave what does not fit together, and DuckDB never opens it.
 */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commitFile, encodeTable, exists, type TableColumn, UsageError } from "@autodidact/core";
import { type CellRecord, describeDamage, openStore, resultColumns } from "@autodidact/evaluate";
import type { Duckdb } from "./duckdb.js";

const INDEX = "index.duckdb";
const ABOUT = "index.json";

export interface StoreIndex {
  /** Of a database with the one table `results`. */
  readonly path: string;
  /** A sentence for each line of the journal that is not in it. */
  readonly leftOut: readonly string[];
}

interface About {
  readonly schema: "autodidact.index/1";
  /** The hash of the journal and of the columns that were made of it. */
  readonly madeOf: string;
  /** The hash of index.duckdb. */
  readonly holds: string;
  readonly leftOut: readonly string[];
}

/** The index as the journal is now; no line of it is parsed where nothing has changed. */
export async function currentIndex(folder: string, duckdb: Duckdb): Promise<StoreIndex> {
  const [path, about] = [join(folder, INDEX), join(folder, ABOUT)];
  const told = await readAbout(about);
  if (told === undefined && (await exists(path)))
    throw new UsageError(
      `${path} is there without the ${ABOUT} that an index has. It is not written over: move it away.`,
    );
  const madeOf = await sourceOf(join(folder, "cells.jsonl")); // before the journal is read: what comes meanwhile is news the next time
  if (told?.madeOf === madeOf && told.holds === (await hashOfFile(path))) return { path, leftOut: told.leftOut ?? [] };
  const store = await openStore(folder);
  const bytes = await databaseOf(store.cells, duckdb);
  const made: About = { schema: "autodidact.index/1", madeOf, holds: hashOf(bytes), leftOut: describeDamage(store) };
  await commitFile(about, Buffer.from(`${JSON.stringify(made)}\n`));
  await commitFile(path, bytes);
  return { path, leftOut: made.leftOut };
}

/** Undefined where there is none; one that cannot be read is of no index. */
async function readAbout(path: string): Promise<Partial<About> | undefined> {
  const text = await readFile(path, "utf8").catch(asAbsent);
  if (text === undefined) return undefined;
  try {
    const about = Object(JSON.parse(text)) as Partial<About>;
    return about.schema === "autodidact.index/1" && Array.isArray(about.leftOut) ? about : {};
  } catch {
    return {}; // a disk that lost it
  }
}

async function sourceOf(journal: string): Promise<string> {
  const columns = resultColumns([]).map(({ name, type }) => [name, type]);
  return hashOf(JSON.stringify(columns), (await readFile(journal).catch(asAbsent)) ?? "");
}

async function hashOfFile(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(asAbsent);
  return bytes && hashOf(bytes);
}

function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return `sha256:${hash.digest("hex")}`;
}

function asAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

/** The database's file. DuckDB writes it in a folder of its own, for it writes another beside it meanwhile. */
async function databaseOf(cells: readonly CellRecord[], { DuckDBInstance }: Duckdb): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "autodidact-index-"));
  try {
    const columns = resultColumns(cells);
    const [table, database] = [join(folder, "results.parquet"), join(folder, INDEX)];
    await writeFile(table, encodeTable(columns, "parquet"));
    const instance = await DuckDBInstance.create(database);
    try {
      const connection = await instance.connect();
      await connection.run(`CREATE TABLE results (${columns.map(described).join(", ")})`);
      if (cells.length > 0) await connection.run(`INSERT INTO results SELECT * FROM read_parquet(${quoted(table)})`);
      connection.closeSync();
    } finally {
      instance.closeSync();
    }
    return await readFile(database);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const described = ({ name, type }: TableColumn) => `"${name}" ${type === "number" ? "DOUBLE" : "VARCHAR"}`;
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
