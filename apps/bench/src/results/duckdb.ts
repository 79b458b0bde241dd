/**
 * DuckDB, where it is installed: an optional peer, for it is large and only SQL needs it.
 */
import { UsageError } from "@autodidact/core";
import { isMissing } from "../modalities.js";

export type Duckdb = typeof import("@duckdb/node-api");

const PACKAGE = "@duckdb/node-api";

/** Refuses with the command that brings it. */
export async function loadDuckdb(load: () => Promise<Duckdb> = () => import("@duckdb/node-api")): Promise<Duckdb> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, PACKAGE)) throw error;
    throw new UsageError(`SQL is answered by DuckDB, which is not installed. Bring it: npm install ${PACKAGE}`, {
      cause: error,
    });
  }
}
