import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commitFilledFile } from "../checkpoint/commit-file.js";
import type { Embedded } from "./embed.js";
import { type WriteParquetOptions, writeParquet } from "./parquet.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parquet-"));
});
afterAll(() => rm(folder, { recursive: true }));

const small = Math.fround(1e-7);
async function* rows(): AsyncGenerator<Embedded> {
  yield { ids: ["a", 'ü,"c"\nd'], features: { values: Float32Array.of(1, 2, 0.5, -4), count: 2, size: 2 } };
  yield { ids: ["e"], features: { values: Float32Array.of(0.25, small), count: 1, size: 2 } };
}
const readBack = async (name: string) => parquetReadObjects({ file: await asyncBufferFromFile(join(folder, name)) });
const written = (name: string, embedded: AsyncIterable<Embedded>, options?: WriteParquetOptions) =>
  commitFilledFile(join(folder, name), (file) => writeParquet(file, embedded, options));

it("writes ids and lists of floats, as hyparquet reads them", async () => {
  expect(await written("plain.parquet", rows())).toEqual({ count: 3, size: 2 });
  expect(await readBack("plain.parquet")).toEqual([
    { id: "a", embedding: [1, 2] },
    { id: 'ü,"c"\nd', embedding: [0.5, -4] },
    { id: "e", embedding: [0.25, small] },
  ]);
});

it("has a column of labels where there are classes, empty where one has none", async () => {
  async function* labelled(): AsyncGenerator<Embedded> {
    const [first, second] = [
      await rows().next(),
      { ids: ["e"], features: { values: Float32Array.of(3, 4), count: 1, size: 2 } },
    ];
    yield { ...(first.value as Embedded), labels: ["cat", null] };
    yield { ...second, labels: ["dog"] };
  }
  await written("labelled.parquet", labelled());
  expect((await readBack("labelled.parquet")).map(({ label }) => label)).toEqual(["cat", null, "dog"]);
});

it("writes many rows in groups, whose number follows from their size", async () => {
  const [size, atOnce] = [16, 100];
  async function* many(): AsyncGenerator<Embedded> {
    for (let part = 0; part < 6; part++) {
      const values = new Float32Array(atOnce * size).map((_, i) => part * atOnce + Math.floor(i / size));
      yield {
        ids: Array.from({ length: atOnce }, (_, i) => `${part * atOnce + i}`),
        features: { values, count: atOnce, size },
      };
    }
  }
  expect(await written("many.parquet", many(), { groupNumbers: 4096 })).toEqual({ count: 600, size });
  const file = await asyncBufferFromFile(join(folder, "many.parquet"));
  const { row_groups: groups } = await parquetMetadataAsync(file);
  expect(groups.map(({ num_rows: count }) => Number(count))).toEqual([256, 256, 88]);
  const read = (await parquetReadObjects({ file, rowStart: 500, rowEnd: 502 })) as {
    id: string;
    embedding: number[];
  }[];
  expect(read.map(({ id, embedding }) => [id, embedding.length, embedding[0], embedding[size - 1]])).toEqual([
    ["500", size, 500, 500],
    ["501", size, 501, 501],
  ]);
});

it("of nothing is a table without rows", async () => {
  async function* none(): AsyncGenerator<Embedded> {}
  expect(await written("none.parquet", none())).toEqual({ count: 0, size: 0 });
  expect(await readBack("none.parquet")).toEqual([]);
  const bytes = await readFile(join(folder, "none.parquet"));
  expect(bytes.subarray(0, 4).toString()).toBe("PAR1");
});

it("fails where the file cannot be written", async () => {
  const file = await open(join(folder, "plain.parquet"), "r");
  await expect(writeParquet(file, rows())).rejects.toThrow("EBADF");
  await file.close();
});
