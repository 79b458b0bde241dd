import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Embedded } from "./embed.js";
import { writeNpy } from "./npy.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "npy-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(embedded: AsyncIterable<Embedded>) {
  const [array, names] = [join(folder, "x.npy"), join(folder, "x.ids.jsonl")];
  const [file, beside] = [await open(array, "w"), await open(names, "w")];
  const told = await writeNpy(file, beside, embedded);
  await file.close();
  await beside.close();
  return { told, bytes: await readFile(array), names: await readFile(names, "utf8") };
}

async function* rows(): AsyncGenerator<Embedded> {
  yield { ids: ["a", "b\nc"], features: { values: Float32Array.of(1, 2, 0.5, -4), count: 2, size: 2 } };
  yield { ids: ["d"], features: { values: Float32Array.of(0.25, 1e-7), count: 1, size: 2 } };
}

it("writes the bytes that numpy.save writes", async () => {
  // np.save("x.npy", np.array([[1, 2], [0.5, -4], [0.25, 1e-7]], "<f4")) of NumPy 2: tools/oracles/feature_files.py reads ours too
  const head =
    "934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028332c2032292c207d";
  const numbers = "0000803f000000400000003f000080c00000803e95bfd633";
  const { told, bytes, names } = await written(rows());
  expect(told).toEqual({ count: 3, size: 2 });
  const padding = "20".repeat(128 - head.length / 2 - 1);
  expect(bytes.toString("hex")).toBe(`${head}${padding}0a${numbers}`);
  expect(names).toBe('{"id":"a"}\n{"id":"b\\nc"}\n{"id":"d"}\n');
});

it("names the class of each row beside its id, where there are classes", async () => {
  async function* labelled(): AsyncGenerator<Embedded> {
    for await (const part of rows()) yield { ...part, labels: part.ids.map((id) => (id === "a" ? "cat" : null)) };
  }
  expect((await written(labelled())).names.split("\n").slice(0, 2)).toEqual([
    '{"id":"a","label":"cat"}',
    '{"id":"b\\nc","label":null}',
  ]);
});

it("of nothing is an array without rows", async () => {
  async function* none(): AsyncGenerator<Embedded> {}
  const { told, bytes } = await written(none());
  expect([told, bytes.length]).toEqual([{ count: 0, size: 0 }, 128]);
});
