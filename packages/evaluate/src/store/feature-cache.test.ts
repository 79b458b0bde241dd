import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineDescription, FeatureTable } from "@autodidact/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FeatureSource, featureCache } from "./feature-cache.js";

const engine: EngineDescription = { name: "cpu", provider: "cpu", threads: 1, version: "0", why: "", kernels: null };
const table: FeatureTable = {
  values: Float32Array.of(1, 2, 3, 4, 5, 6),
  count: 3,
  size: 2,
  layers: 2,
  flops: { perRow: 7, uncounted: [] },
};
const source: FeatureSource = { weights: "sha256:a", preparation: { layer: null, size: 32 }, data: "sha256:b" };

let folder: string;
let said: string[];
let made: number;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "autodidact-")), "features");
  [said, made] = [[], 0];
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

const say = (text: string) => said.push(text);
const make = async () => {
  made += 1;
  return table;
};
const cache = (options: object = {}) => featureCache(folder, { engine, say, ...options });
const files = async () => (await readdir(folder)).sort();

it("makes features once, and gives them again whole and marked", async () => {
  expect(await cache().features(source, make)).toBe(table);
  expect(await cache().features(source, make)).toEqual({ ...table, isCached: true });
  expect([made, said, (await files()).length]).toEqual([1, [], 1]);
});

it("takes other weights, preparation, data or engine for others, and the order of keys for nothing", async () => {
  await cache().features(source, make);
  await cache().features({ ...source, weights: "sha256:c" }, make);
  await cache().features({ ...source, data: "sha256:c" }, make);
  await cache().features({ ...source, preparation: { layer: "3", size: 32 } }, make);
  await cache({ engine: { ...engine, threads: 2 } }).features(source, make);
  expect(made).toBe(5);
  await cache().features({ ...source, preparation: { size: 32, layer: null } }, make);
  expect(made).toBe(5);
});

it("makes damaged ones again, and says so", async () => {
  await cache().features(source, make);
  const path = join(folder, (await files())[0]!);
  const whole = await readFile(path);
  const flipped = Buffer.from(whole);
  flipped[whole.length - 1]! ^= 1;
  for (const damaged of [flipped, whole.subarray(0, 20), Buffer.alloc(0)]) {
    await writeFile(path, damaged);
    expect(await cache().features(source, make)).toBe(table);
    expect(said.at(-1)).toContain("cannot be read, and its features are made again");
    expect(await readFile(path)).toEqual(whole);
  }
  expect([made, said.length]).toEqual([4, 3]);
});

it("lets go of what was used longest ago, and of nothing that is not its own", async () => {
  const sources = ["0", "1", "2", "3"].map((data) => ({ ...source, data }));
  await cache().features(sources[0]!, make);
  const [first] = await files();
  const roomForTwo = { maxBytes: 2.5 * (await stat(join(folder, first!))).size };
  await writeFile(join(folder, "mine.safetensors"), Buffer.alloc(5000));
  await cache(roomForTwo).features(sources[1]!, make);
  const second = (await files()).find((name) => name !== first && name !== "mine.safetensors")!;
  for (const [name, seconds] of [
    [first!, 100],
    [second, 200],
  ] as const)
    await utimes(join(folder, name), seconds, seconds); // prettier-ignore
  await cache(roomForTwo).features(sources[0]!, make); // used again: it is the newer now
  await cache(roomForTwo).features(sources[2]!, make);
  const left = await files();
  expect(left).toHaveLength(3);
  expect(left).toEqual(expect.arrayContaining(["mine.safetensors", first]));
  expect(left).not.toContain(second);
  expect(made).toBe(3);
  expect(await cache({ maxBytes: 10 }).features(sources[3]!, make)).toBe(table); // too large to keep
  expect(await files()).toEqual(left);
});

it("goes on where nothing can be kept, and says so", async () => {
  await writeFile(folder, "a file in the folder's place");
  expect(await cache().features(source, make)).toBe(table);
  expect(said).toEqual([expect.stringContaining("could not be kept")]);
  await rm(folder);
});
