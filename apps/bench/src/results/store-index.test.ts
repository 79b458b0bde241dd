import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CellRecord, openStore } from "@autodidact/evaluate";
import { afterEach, beforeEach, expect, it } from "vitest";
import { madeCell } from "../../tests/made-cells.js";
import { describeColumns } from "./describe-columns.js";
import { loadDuckdb } from "./duckdb.js";
import { queryIndex } from "./query-index.js";
import { currentIndex } from "./store-index.js";

const duckdb = await loadDuckdb();
let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function keep(...cells: readonly CellRecord[]): Promise<void> {
  const store = await openStore(folder);
  for (const cell of cells) await store.append(cell);
}

const index = async () => (await currentIndex(folder, duckdb)).path;
const valuesOf = async (sql: string) => (await queryIndex(await index(), sql, duckdb)).map(({ values }) => values);

it("answers the best of each task, what a score cost, and what failed", async () => {
  await keep(
    madeCell({ encoder: "simclr", value: 0.8, wallSeconds: 4 }),
    madeCell({ encoder: "mae", value: 0.6, wallSeconds: 1 }),
    madeCell({ encoder: "vicreg", error: "no memory" }),
  );
  const best = "SELECT task, arg_max(encoder, value), max(value) FROM results WHERE better = 'higher' GROUP BY ALL";
  expect(await valuesOf(best)).toEqual([["stripes"], ["simclr"], [0.8]]);
  const cost = "SELECT encoder, wall_seconds / value AS cost FROM results WHERE value IS NOT NULL ORDER BY cost";
  expect(await valuesOf(cost)).toEqual([
    ["mae", "simclr"],
    [expect.closeTo(1 / 0.6, 12), expect.closeTo(5, 12)],
  ]);
  expect(await valuesOf("SELECT encoder, error FROM results WHERE status = 'failed'")).toEqual([
    ["vicreg"],
    ["no memory"],
  ]);
});

it("gives each type of DuckDB as a number or as text", async () => {
  const sql =
    "SELECT count(*) AS n, 1.5::DECIMAL(4, 2) AS d, true AS b, DATE '2026-12-01' AS t, [1, 2] AS l, NULL AS none, 170141183460469231731687303715884105727 AS huge FROM results";
  const columns = await queryIndex(await index(), sql, duckdb);
  expect(columns.map(({ name, type, values }) => [name, type, values[0]])).toEqual([
    ["n", "number", 0],
    ["d", "number", 1.5],
    ["b", "text", "true"],
    ["t", "text", "2026-12-01"],
    ["l", "text", "[1, 2]"],
    ["none", expect.any(String), null],
    ["huge", "number", 2 ** 127],
  ]);
});

it("is made again when results have come, and not otherwise", async () => {
  await keep(madeCell({ encoder: "simclr" }));
  const { ino } = await stat(await index());
  expect((await stat(await index())).ino).toBe(ino);
  await keep(madeCell({ encoder: "mae" }));
  expect(await valuesOf("SELECT count(*) FROM results")).toEqual([[2]]);
});

it.each([
  ["index.duckdb", (bytes: Buffer) => bytes.fill(7, 5000, 5010)],
  ["index.duckdb", (bytes: Buffer) => bytes.subarray(0, 100)],
  ["index.json", () => Buffer.from('{"schema"')],
  ["index.json", () => Buffer.from("[]")],
])("makes a damaged %s again", async (name, damaged) => {
  await keep(madeCell({ encoder: "simclr" }));
  await index();
  await writeFile(at(name), damaged(await readFile(at(name))));
  expect(await valuesOf("SELECT encoder FROM results")).toEqual([["simclr"]]);
});

it("tells each time which lines of the journal are left out", async () => {
  await keep(madeCell({ encoder: "simclr" }));
  await writeFile(at("cells.jsonl"), `${await readFile(at("cells.jsonl"), "utf8")}{"half`);
  for (let time = 0; time < 2; time++) {
    const { leftOut } = await currentIndex(folder, duckdb);
    expect(leftOut).toEqual([expect.stringContaining("line 2, cannot be read")]);
  }
});

it("does not write over an index.duckdb that is not its own", async () => {
  await writeFile(at("index.duckdb"), "mine");
  await expect(index()).rejects.toThrow("move it away");
  expect(await readFile(at("index.duckdb"), "utf8")).toBe("mine");
});

it("survives a kill at any moment", async () => {
  await keep(
    ...Array.from({ length: 40 }, (_, n) =>
      madeCell({ encoder: `${String.fromCharCode(97 + (n % 16))}`, task: "x".repeat(1 + (n % 9)) }),
    ),
  );
  for (const wait of [0, 2, 6]) {
    await rm(at("index.json"), { force: true });
    await rm(at("index.duckdb"), { force: true });
    const child = fork(
      new URL("../../bin/autodidact.mjs", import.meta.url),
      ["results", "query", "SELECT 1", "--store", folder],
      { stdio: "ignore" },
    );
    const ended = once(child, "exit");
    while ((await readdir(folder)).every((name) => !/index/.test(name)) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, wait));
    child.kill("SIGKILL");
    await ended;
    const [[count]] = (await valuesOf("SELECT count(DISTINCT cell) FROM results")) as [[number]];
    expect(count).toBe((await openStore(folder)).cells.length);
  }
});

it.each([
  ["SELECT acuracy FROM results", 'Referenced column "acuracy" not found'],
  ["SELEC 1", "syntax error"],
  ["SELECT * FROM result", "Table with name result does not exist"],
  [" ", "must ask something"],
])("refuses %s in plain words, with the columns that there are", async (sql, told) => {
  const refused = await valuesOf(sql).catch((error) => error);
  expect(refused.name).toBe("UsageError");
  expect(refused.message).toContain(told);
  expect(refused.message).toContain("The table is results; its columns are cell, status, encoder,");
  expect(refused.message).not.toMatch(/(Binder|Parser|Catalog) Error/);
});

it.each([
  ["SELECT * FROM read_text('FILE')"],
  ["SELECT * FROM read_csv('FILE')"],
  ["SELECT * FROM 'FILE'"],
  ["COPY results TO 'FILE.copy.csv'"],
  ["ATTACH 'FILE.db'"],
  ["INSTALL httpfs"],
  ["LOAD 'FILE'"],
  ["SET enable_external_access = true"],
  ["CREATE TABLE more AS SELECT 1"],
  ["DELETE FROM results"],
])("reads and changes nothing else: %s", async (sql) => {
  await keep(madeCell({ encoder: "simclr" }));
  await writeFile(at("secret.csv"), "a\nsecret\n");
  await index();
  const before = (await readdir(folder)).sort();
  const refused = await valuesOf(sql.replace("FILE", at("secret.csv"))).catch((error) => error);
  expect(refused).toMatchObject({ name: "UsageError" });
  expect((await readdir(folder)).sort()).toEqual(before);
  expect(await valuesOf("SELECT count(*) FROM results")).toEqual([[1]]);
});

it("shows what a terminal would obey as spaces, and nulls as dashes", () => {
  const shown = describeColumns([
    { name: "encoder", type: "text", values: ["a\u001b[2Jb\nc", null] },
    { name: "value", type: "number", values: [0.123456789, 3] },
  ]);
  expect(shown.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
    ["encoder", "value"],
    [expect.stringMatching(/^─+$/), expect.stringMatching(/^─+$/)],
    ["a [2Jb c", "0.123457"],
    ["–", "3"],
  ]);
  expect(describeColumns([{ name: "a", type: "text", values: [] }])).toContain("no rows");
  expect(describeColumns([{ name: "a", type: "number", values: Array(1002).fill(1) }])).toContain("2 more rows");
});

it("says how DuckDB is brought where it is not installed", async () => {
  const missing = Object.assign(new Error("Cannot find package '@duckdb/node-api' imported from here"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  await expect(loadDuckdb(() => Promise.reject(missing))).rejects.toThrow("npm install @duckdb/node-api");
  await expect(loadDuckdb(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});
