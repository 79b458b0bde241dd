/**
 * SQL on a store's index, which is only read: no file, no network and no extension is within its reach.
 */
import { type TableColumn, UsageError } from "@autodidact/core";
import { resultColumns } from "@autodidact/evaluate";
import type { DuckDBResultReader } from "@duckdb/node-api";
import type { Duckdb } from "./duckdb.js";

const CLOSED = {
  access_mode: "READ_ONLY",
  enable_external_access: "false",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
};

/** What the last statement gives. Throws a UsageError with the columns that there are where it cannot be answered. */
export async function queryIndex(path: string, sql: string, duckdb: Duckdb): Promise<TableColumn[]> {
  if (sql.trim() === "") throw new UsageError(`The SQL must ask something, and is empty. ${whatThereIs()}`);
  const instance = await duckdb.DuckDBInstance.create(path, CLOSED);
  try {
    const connection = await instance.connect();
    await connection.run("SET lock_configuration = true");
    try {
      return columnsOf(await connection.runAndReadAll(sql), duckdb);
    } catch (error) {
      throw new UsageError(inPlainWords((error as Error).message), { cause: error });
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

const whatThereIs = () =>
  `The table is results; its columns are ${resultColumns([])
    .map(({ name }) => name)
    .join(", ")}.`;

/** `Binder Error: …` as DuckDB says it, without whose error it is; below it the place in the SQL. */
function inPlainWords(message: string): string {
  const isBarred = /^Permission Error|disabled (by|through) configuration|read-only|locked/i.test(message);
  const [what = "", ...where] = message.replace(/^[\w ]+ Error: /, "").split(/\n\s*\n/);
  const told = what.replaceAll(/\s*\n\s*/g, " ").trim();
  const sentence = /[.!?]$/.test(told) ? told : `${told}.`;
  const why = isBarred ? " SQL reads the store's results and nothing else, and changes nothing." : "";
  return [`The SQL cannot be answered: ${sentence}${why}`, ...where.filter(Boolean), whatThereIs()].join("\n");
}

function columnsOf(reader: DuckDBResultReader, { DuckDBTypeId }: Duckdb): TableColumn[] {
  const numeric = new Set([
    ...[DuckDBTypeId.TINYINT, DuckDBTypeId.SMALLINT, DuckDBTypeId.INTEGER, DuckDBTypeId.BIGINT, DuckDBTypeId.HUGEINT],
    ...[DuckDBTypeId.UTINYINT, DuckDBTypeId.USMALLINT, DuckDBTypeId.UINTEGER, DuckDBTypeId.UBIGINT],
    ...[DuckDBTypeId.UHUGEINT, DuckDBTypeId.FLOAT, DuckDBTypeId.DOUBLE, DuckDBTypeId.DECIMAL],
  ]);
  const columns = reader.getColumns();
  return reader.deduplicatedColumnNames().map((name, place): TableColumn => {
    const given = columns[place] ?? [];
    const isNumber = numeric.has(reader.columnTypeId(place));
    const values = given.map((value) => (value === null ? null : isNumber ? Number(String(value)) : String(value)));
    return { name, type: isNumber ? "number" : "text", values };
  });
}
