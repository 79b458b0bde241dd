import { appendFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Embedded } from "./embed.js";
import { featureFiles } from "./feature-files.js";
import { readFeatures } from "./read-features.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "read-features-"));
});
afterAll(() => rm(folder, { recursive: true }));

const small = Math.fround(1e-7);
async function* rows(isLabelled: boolean): AsyncGenerator<Embedded> {
  const labels = (own: (string | null)[]) => (isLabelled ? { labels: own } : {});
  yield {
    ids: ["a", 'ü,"c"'],
    ...labels(["cat", null]),
    features: { values: Float32Array.of(1, 2, 0.5, -4), count: 2, size: 2 },
  };
  yield { ids: ["e"], ...labels(["dog"]), features: { values: Float32Array.of(0.25, small), count: 1, size: 2 } };
}

async function readBack(path: string) {
  const parts: Embedded[] = [];
  for await (const part of readFeatures(path)) parts.push(part);
  return {
    ids: parts.flatMap(({ ids }) => ids),
    labels: parts.flatMap(({ labels = [] }) => labels),
    values: parts.flatMap(({ features }) => [...features.values]),
  };
}

it.each(Object.keys(featureFiles))("reads what is written as %s", async (ending) => {
  await featureFiles[ending]!.write(at(`x${ending}`), rows(false));
  expect(await readBack(at(`x${ending}`))).toEqual({
    ids: ["a", 'ü,"c"', "e"],
    labels: [],
    values: [1, 2, 0.5, -4, 0.25, small],
  });
});

it.each([".parquet", ".npy"])("reads the classes of %s", async (ending) => {
  await featureFiles[ending]!.write(at(`labelled${ending}`), rows(true));
  expect((await readBack(at(`labelled${ending}`))).labels).toEqual(["cat", null, "dog"]);
});

it.each([
  ["sizes.jsonl", '{"id":"a","features":[1,2]}\n{"id":"b","features":[1]}\n', "row 2, has 1 numbers, and the first"],
  ["words.jsonl", '{"id":"a","features":[1,"2"]}\n', "row 1, holds what is no finite number"],
  ["nameless.jsonl", '{"features":[1]}\n', "row 1, has no id"],
  ["empty.jsonl", '{"id":"a"}\n', "row 1, has no numbers"],
  ["cut.jsonl", '{"id":"a","feat', "not JSON"],
  ["gap.csv", "id,f0,f1\na,1,\n", "row 1, holds what is no finite number"],
  ["text.parquet", "hello", "cannot be read as Parquet"],
  ["text.npy", "hello", "must be NumPy's file of float32"],
  ["x.txt", "", "must end in .jsonl"],
])("refuses %s", async (name, text, message) => {
  await writeFile(at(name), text);
  await expect(readBack(at(name))).rejects.toThrow(message);
});

it("refuses arrays that are cut or have other ids", async () => {
  await featureFiles[".npy"]!.write(at("ids.npy"), rows(false));
  await appendFile(at("ids.ids.jsonl"), '{"id":"more"}\n');
  await expect(readBack(at("ids.npy"))).rejects.toThrow("must have an id for each row, has 3 rows and 4");
  await truncate(at("ids.npy"), 140);
  await expect(readBack(at("ids.npy"))).rejects.toThrow("must have 152 bytes, has 140");
  await featureFiles[".safetensors"]!.write(at("ids.safetensors"), rows(false));
  await writeFile(at("ids.txt"), "a\n");
  await expect(readBack(at("ids.safetensors"))).rejects.toThrow("has 3 rows and 1 ids");
});
