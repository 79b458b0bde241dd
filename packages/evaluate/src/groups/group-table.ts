/**
 * The groups of test examples, from a table that names the examples and has a column for each kind of group.
 */
import { basename } from "node:path";
import { assertColumn, CorruptSampleError, delimited } from "@autodidact/core";

export interface GroupTableColumns {
  /** Names the examples: paths, of texts the texts themselves. */
  readonly id: string;
  readonly columns: readonly string[];
}

/**
 * By column, a group for each example in their order. A row tells of the example of its name; or, where paths begin elsewhere, of the only
 * example whose name ends in a path that the row ends in too.
 */
export async function groupsFrom(
  table: string,
  { id, columns }: GroupTableColumns,
  examples: readonly string[],
): Promise<Record<string, string[]>> {
  const rows = await readRows(table, { id, columns });
  const byEnding = new Map<string, string[] | "several">();
  for (const [name, groups] of rows)
    for (const ending of endingsOf(name)) byEnding.set(ending, byEnding.has(ending) ? "several" : groups);
  const found = examples.map((name) => {
    const own = rows.get(name) ?? byEnding.get(plain(name));
    if (own !== undefined && own !== "several") return own;
    throw new Error(
      `groupsFrom: ${table} must tell the groups of every test example, and its column ${id} ${own === undefined ? "does not name" : "names several files that end like"} ${JSON.stringify(name.slice(0, 80))}. Add it, or name another column.`,
    );
  });
  return Object.fromEntries(columns.map((column, place) => [column, found.map((groups) => groups[place]!)]));
}

async function readRows(table: string, { id, columns }: GroupTableColumns): Promise<Map<string, string[]>> {
  const file = { path: table, id: basename(table), bytes: 0 };
  const rows = new Map<string, string[]>();
  for await (const row of delimited(file)) {
    if (row instanceof CorruptSampleError) throw new Error(`groupsFrom: ${table} must be readable: ${row.message}`);
    for (const column of [id, ...columns]) assertColumn("groupsFrom", file, row.columns, column);
    const name = String(row.value(id)).trim();
    const groups = columns.map((column) => String(row.value(column)).trim() || "(none)");
    const before = rows.get(name);
    if (before?.some((group, place) => group !== groups[place])) {
      throw new Error(
        `groupsFrom: ${table} must tell one group of each example, got ${before.join(", ")} and ${groups.join(", ")} of ${JSON.stringify(name.slice(0, 80))} (${row.id}).`,
      );
    }
    rows.set(name, groups);
  }
  return rows;
}

const plain = (name: string) => name.replaceAll("\\", "/");

/** `test/cats/1.png` ends in itself, `cats/1.png` and `1.png`. A text has no such endings of its own worth. */
function endingsOf(name: string): string[] {
  const parts = plain(name).split("/");
  return parts.length > 12 ? [name] : parts.map((_, start) => parts.slice(start).join("/"));
}
