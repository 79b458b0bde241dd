import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSafetensors } from "./file.js";
import { openWeights } from "./open-weights.js";
import { storeFloats } from "./stored-tensor.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "autodidact-weights-"));
});
afterAll(() => rm(root, { recursive: true }));

const numbers = (...values: number[]) => storeFloats(Float32Array.from(values), [values.length]);

/** A folder of weights; each file has its tensors, and metadata. */
async function folderOf(name: string, files: Record<string, Parameters<typeof writeSafetensors>>, index?: unknown) {
  const folder = join(root, name);
  await mkdir(folder);
  for (const [file, [, tensors, metadata]] of Object.entries(files))
    await writeSafetensors(join(folder, file), tensors, metadata);
  if (index !== undefined) await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify(index));
  return folder;
}

test("one file: shapes first, then tensors; what was left out as the same is there under both names", async () => {
  const folder = await folderOf("one", {
    "model.safetensors": ["", [["head", numbers(1, 2)]], { format: "pt", table: "head" }],
  });
  const weights = (await openWeights(folder))!;
  expect([...weights.shapes]).toEqual([
    ["head", [2]],
    ["table", [2]],
  ]);
  const tensors = await weights.read();
  expect(tensors.get("table")).toEqual(tensors.get("head"));
  expect(await openWeights(root)).toBeUndefined();
});

test("several files by their index; the hash is of what they hold", async () => {
  const files = (last: number): Parameters<typeof folderOf>[1] => ({
    "model-00001-of-00002.safetensors": ["", [["a", numbers(1)]], {}],
    "model-00002-of-00002.safetensors": ["", [["b", numbers(2, last)]], {}],
  });
  const index = { weight_map: { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" } };
  const [one, same, other] = await Promise.all(
    [3, 3, 4].map(async (last, n) => (await openWeights(await folderOf(`several-${n}`, files(last), index)))!),
  );
  expect([...(await one!.read()).keys()].sort()).toEqual(["a", "b"]);
  expect(await same!.fingerprint()).toBe(await one!.fingerprint());
  expect(await other!.fingerprint()).not.toBe(await one!.fingerprint());
});

test.each([
  ["no map", {}, "must have a weight_map"],
  ["nothing", null, "must have a weight_map"],
  ["a path", { weight_map: { a: "../a.safetensors" } }, 'got ["a","../a.safetensors"]'],
  ["no name", { weight_map: { a: 3 } }, 'got ["a",3]'],
  ["a file that is not there", { weight_map: { a: "b.safetensors" } }, "lists b.safetensors, which is not there"],
])("an index with %s is refused", async (name, index, message) => {
  const folder = await folderOf(`index ${name}`, {}, index);
  await expect(openWeights(folder)).rejects.toThrow(message);
});

test("a tensor in two files is refused", async () => {
  const file: Parameters<typeof writeSafetensors> = ["", [["a", numbers(1)]], {}];
  const index = { weight_map: { a: "x.safetensors", b: "y.safetensors" } };
  const folder = await folderOf("twice", { "x.safetensors": file, "y.safetensors": file }, index);
  await expect(openWeights(folder)).rejects.toThrow("the tensor a must be in one file, and is in two");
});
