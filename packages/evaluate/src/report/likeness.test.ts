import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, type EngineDescription, type FeatureTable } from "@autodidact/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { resultRecord } from "../record/record.js";
import { featureCache } from "../store/feature-cache.js";
import { keptFeatures } from "../store/kept-features.js";
import { hashOf, madeCell } from "../testing/cells.js";
import { result } from "../testing/results.js";
import { leaderboard } from "./leaderboard.js";
import { likenessOf } from "./likeness.js";
import { reportPage } from "./report-page.js";

const engine: EngineDescription = { name: "cpu", provider: "cpu", threads: 1, version: "0", why: "", kernels: null };
const tableOf = (seed: number, count = 6, size = 3): FeatureTable => ({
  values: Float32Array.from(createRandom(seed).normals(count * size)),
  count,
  size,
});
const scaled = ({ values, ...shape }: FeatureTable): FeatureTable => ({
  ...shape,
  values: values.map((value) => -2 * value),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("compares models whose features are known, on the same examples", () => {
  const first = tableOf(0);
  const row = (model: string, features: FeatureTable | undefined, examples = 6) => ({ model, features, examples });
  const { models, cka } = likenessOf([
    row("a", first),
    row("gone", undefined),
    row("b", scaled(first)),
    row("others", tableOf(2), 7),
    row("c", tableOf(1, 6, 9)),
  ])!;
  expect(models).toEqual(["a", "b", "c"]);
  expect(cka[0]![1]).toBeCloseTo(1, 6);
  expect(cka[0]![2]).toBeLessThan(0.9);
  expect([cka[2]![0], cka[2]![2]]).toEqual([cka[0]![2], 1]);
  expect(likenessOf([row("a", first), row("b", undefined)])).toBeUndefined();
  expect(likenessOf([row("a", tableOf(0, 3), 3), row("b", tableOf(1, 3), 3)])).toBeUndefined();
});

it("is a table of the page", () => {
  const cells = ["simclr", "mae"].map((encoder) => madeCell({ encoder }).record);
  const features = new Map(
    cells.map(({ outcome }, place) => [outcome.status === "done" ? outcome.results[0]!.record.id : "", tableOf(place)]),
  );
  const board = leaderboard(cells, { features });
  expect(board.tasks[0]!.likeness?.models).toHaveLength(2);
  expect(reportPage(board, { madeAt: "now" })).toContain("How alike features are");
  const without = leaderboard(cells);
  expect(without.tasks[0]!.likeness).toBeUndefined();
  expect(reportPage(without, { madeAt: "now" })).not.toContain("How alike");
});

it("finds a record's features by its weights, its test part and its layer, and nothing else", async () => {
  const cache = featureCache(folder, { engine });
  const [weights, data] = [hashOf("weights"), hashOf("data")];
  const record = (layer?: string) =>
    resultRecord({
      ...result,
      subject: { ...result.subject, weights },
      task: { ...result.task, test: { examples: 6, hash: data } },
      protocol: { ...result.protocol, settings: layer === undefined ? {} : { layer } },
    });
  const [own, middle] = [tableOf(0), tableOf(1)];
  await cache.features({ weights, data, preparation: { layer: null } }, async () => own);
  await cache.features({ weights, data, preparation: { layer: "layer3" } }, async () => middle);
  await cache.features({ weights, data: hashOf("other"), preparation: {} }, async () => tableOf(2));
  await writeFile(join(folder, `${"0".repeat(64)}.safetensors`), "damaged");
  const kept = await keptFeatures(folder);
  expect((await kept(record()))?.values).toEqual(own.values);
  expect((await kept(record("layer3")))?.values).toEqual(middle.values);
  expect(await kept(record("layer4"))).toBeUndefined();
  expect(await kept(resultRecord(result))).toBeUndefined();
  const few = await (await keptFeatures(folder, { rows: 2 }))(record());
  expect(few).toMatchObject({
    count: 2,
    values: Float32Array.of(...own.values.subarray(0, 3), ...own.values.subarray(9, 12)),
  });
  for (const name of await readdir(folder)) await writeFile(join(folder, name), "damaged");
  expect(await kept(record())).toBeUndefined();
  expect(await (await keptFeatures(join(folder, "none")))(record())).toBeUndefined();
});
