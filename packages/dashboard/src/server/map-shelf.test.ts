/** The threads' programs are the built ones. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createRandom, type Embedded, featureFiles } from "@autodidact/core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { MapView } from "../api.js";
import { askedApp } from "../testing/asked-app.js";
import { sampleFeatures } from "./feature-sample.js";
import { type MapItem, type MapShelf, mapShelf } from "./map-shelf.js";
import { umapLayout } from "./umap-layout.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "maps-"));
  await featureFiles[".parquet"]!.write(at("photos.parquet"), clusters(40));
});
afterAll(() => rm(folder, { recursive: true }));
let ending = new AbortController();
afterEach(() => {
  ending.abort(new Error("the test is over"));
  ending = new AbortController();
});

/** Two heaps of points around (1, 0, 0) and (0, 1, 0), row after row. */
async function* clusters(count: number): AsyncGenerator<Embedded> {
  const random = createRandom(0);
  const values = Float32Array.from({ length: 3 * count }, (_, place) => {
    const [row, axis] = [Math.floor(place / 3), place % 3];
    return (row % 2 === axis ? 1 : 0) + random.normal(0, 0.05);
  });
  const ids = Array.from({ length: count }, (_, row) => `${row}.png`);
  yield { ids, labels: ids.map((_, row) => (row % 2 ? "dog" : null)), features: { values, count, size: 3 } };
}

const item = async (id: string): Promise<MapItem> => {
  if (id === "0.png") return { type: "image/png", bytes: Uint8Array.of(1, 2) };
  if (id === "1.png") return { type: "image/svg+xml", bytes: Uint8Array.of(1) };
  if (id === "2.png") throw new Error("2.png is gone");
  return { text: id };
};
const source = () => ({ name: "photos", file: at("photos.parquet"), kind: "image" as const, item });

async function ready(shelf: MapShelf): Promise<MapView> {
  for (;;) {
    const view = await shelf.maps[0]!.view();
    if (view.status !== "making") return view;
    expect(view.done).toBeLessThanOrEqual(1);
    await wait(20);
  }
}

it("a sample has each row at most once, in order, and is the same for the same seed", async () => {
  const all = await sampleFeatures(clusters(40));
  expect([all.total, all.rows.length, all.ids[39]]).toEqual([40, 40, "39.png"]);
  const [some, same] = [
    await sampleFeatures(clusters(40), { most: 10 }),
    await sampleFeatures(clusters(40), { most: 10 }),
  ];
  expect(same).toEqual(some);
  expect([some.total, new Set(some.rows).size]).toEqual([40, 10]);
  expect(some.rows).toEqual([...some.rows].sort((a, b) => a - b));
  expect(some.ids).toEqual(some.rows.map((row) => `${row}.png`));
  expect(some.labels).toEqual(some.rows.map((row) => (row % 2 ? "dog" : "")));
  expect(some.values.subarray(0, 3)).toEqual(all.values.subarray(3 * some.rows[0]!, 3 * some.rows[0]! + 3));
  expect(some.hash).not.toBe(all.hash);
  const counts = new Array(20).fill(0);
  for (let seed = 0; seed < 200; seed++)
    for (const row of (await sampleFeatures(clusters(20), { most: 5, seed })).rows) counts[row] += 1;
  for (const count of counts) expect(Math.abs(count - 50)).toBeLessThan(25); // 4 deviations of a fair draw
  await expect(sampleFeatures((async function* () {})())).rejects.toThrow("there must be rows");
});

it("UMAP puts alike points near, the same for the same seed", async () => {
  const { values, size } = await sampleFeatures(clusters(40));
  const progress: number[] = [];
  const { x, y } = umapLayout(values, size, { onProgress: (done) => progress.push(done) });
  expect(umapLayout(values, size)).toEqual({ x, y });
  expect(umapLayout(values, size, { seed: 1 })).not.toEqual({ x, y });
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  const middle = (heap: number) =>
    [x, y].map((own) => own.filter((_, row) => row % 2 === heap).reduce((sum, value) => sum + value, 0) / 20);
  const near = (row: number, [mx, my]: number[]) => Math.hypot(x[row]! - mx!, y[row]! - my!);
  for (let row = 0; row < 40; row++) expect(near(row, middle(row % 2))).toBeLessThan(near(row, middle(1 - (row % 2))));
  expect(() => umapLayout(values.subarray(0, 6), 3)).toThrow("at least 3 points, got 2");
  expect(umapLayout(new Float32Array(12).fill(1), 3).x).toHaveLength(4); // all alike
});

it("a map is made by a thread, kept, and not made again", { timeout: 60_000 }, async () => {
  const kept = at("kept");
  const first = await ready(await mapShelf([source()], { folder: kept, signal: ending.signal }));
  expect(first).toMatchObject({ status: "ready", name: "photos", kind: "image" });
  const [file] = await readdir(kept);
  const stored = JSON.parse(await readFile(join(kept, file!), "utf8"));
  expect(stored).toEqual({ schema: "autodidact.map/1", x: (first as { x: unknown }).x, y: expect.anything() });
  await writeFile(join(kept, file!), JSON.stringify({ ...stored, x: stored.x.map(() => 7) }));
  expect(await ready(await mapShelf([source()], { folder: kept, signal: ending.signal }))).toMatchObject({
    x: Array(40).fill(7),
  });
  await writeFile(join(kept, file!), "damaged");
  expect(await ready(await mapShelf([source()], { folder: kept, signal: ending.signal }))).toEqual(first);
});

it("points are shown, and their neighbours; what holds scripts is not", { timeout: 60_000 }, async () => {
  const maps = await mapShelf([source()], { signal: ending.signal });
  const app = askedApp(folder, { maps });
  const { id } = maps.maps[0]!;
  expect(await app.json("/api/overview")).toMatchObject({ maps: [{ id, name: "photos", rows: 40 }] });
  expect(await app.json(`/api/maps/${id}`)).toMatchObject({ status: "making" });
  const image = await app.ask(`/api/maps/${id}/items/0`);
  expect([image.headers.get("Content-Type"), [...new Uint8Array(await image.arrayBuffer())]]).toEqual([
    "image/png",
    [1, 2],
  ]);
  const status = async (path: string) => (await app.ask(`/api/maps/${path}`)).status;
  expect([await status(`${id}/items/1`), await status(`${id}/items/2`)]).toEqual([415, 404]);
  expect(await app.json(`/api/maps/${id}/items/3`)).toEqual({ text: "3.png" });
  for (const path of ["nowhere", `${id}/items/40`, `${id}/items/-1`, `${id}/items/..%2f1`, `${id}/items/40/neighbours`])
    expect(await status(path)).toBe(404);
  const { rows, cosines } = await app.json<{ rows: number[]; cosines: number[] }>(`/api/maps/${id}/items/4/neighbours`);
  expect(rows).toHaveLength(12);
  expect(rows).not.toContain(4);
  expect(rows.every((row) => row % 2 === 0)).toBe(true);
  expect(cosines).toEqual([...cosines].sort((a, b) => b - a));
});

it("refuses a file of something else, and says what no map can be made of", { timeout: 60_000 }, async () => {
  await writeFile(at("x.jsonl"), "hello\n");
  const broken = { ...source(), file: at("x.jsonl") };
  await expect(mapShelf([broken], { signal: ending.signal })).rejects.toThrow("not JSON");
  await featureFiles[".jsonl"]!.write(at("two.jsonl"), clusters(2));
  const view = await ready(await mapShelf([{ ...source(), file: at("two.jsonl") }], { signal: ending.signal }));
  expect(view).toEqual({ status: "failed", reason: expect.stringContaining("at least 3 points") });
});
