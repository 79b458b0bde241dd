import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../random.js";
import { CorruptSampleError, type Dataset } from "./dataset.js";
import { groupedOrder } from "./grouped-order.js";
import { type LoadedBatch, type LoaderOptions, loader } from "./loader.js";

/** Some are alike, some are not. */
const sizeOf = (index: number) => (index * index) % 7;

/** Sample i is the number i; those named corrupt are; each read takes its own, changing while. */
function numbers(length: number, corrupt: readonly number[] = []): Dataset<number> {
  let reads = 0;
  return {
    length,
    id: (index) => `sample ${index}`,
    size: sizeOf,
    async get(index) {
      reads += 1;
      for (let wait = (index * 7 + reads * 3) % 5; wait > 0; wait -= 1)
        await new Promise((resolve) => setImmediate(resolve));
      if (corrupt.includes(index)) throw new CorruptSampleError(`sample ${index}`, "truncated");
      return index;
    },
  };
}

async function firstOf<T>(batches: AsyncGenerator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const batch of batches) {
    taken.push(batch);
    if (taken.length === count) break;
  }
  return taken;
}

/** What must come out, said the simplest way: each epoch's order without the corrupt ones, cut into batches. */
function expected(length: number, corrupt: readonly number[], options: LoaderOptions, count: number): number[][] {
  const { batchSize, shuffle = true, random, groupBySize = false, dropLast = true } = options;
  const sizes = Array.from({ length }, (_, index) => sizeOf(index));
  const batches: number[][] = [];
  for (let epoch = 0; batches.length < count; epoch += 1) {
    const chance = random?.split("order").split(epoch);
    const order = groupBySize
      ? [...groupedOrder(sizes, batchSize, chance!)]
      : shuffle
        ? [...chance!.permutation(length)]
        : Array.from({ length }, (_, i) => i);
    const good = order.filter((index) => !corrupt.includes(index));
    for (let start = 0; start < good.length; start += batchSize) {
      const batch = good.slice(start, start + batchSize);
      if (batch.length === batchSize || !dropLast) batches.push(batch);
    }
  }
  return batches.slice(0, count);
}

const samplesOf = (batches: LoadedBatch<number>[]) => batches.map(({ samples }) => [...samples]);

const cases = fc
  .record({
    length: fc.integer({ min: 1, max: 30 }),
    batchSize: fc.integer({ min: 1, max: 8 }),
    seed: fc.integer(),
    order: fc.constantFrom({ shuffle: false }, { shuffle: true }, { shuffle: true, groupBySize: true }),
    dropLast: fc.boolean(),
    prefetch: fc.integer({ min: 0, max: 3 }),
    concurrency: fc.integer({ min: 1, max: 9 }),
    corrupt: fc.uniqueArray(fc.nat(29), { maxLength: 6 }),
  })
  .map(({ order, ...drawn }) => ({
    ...drawn,
    ...order,
    corrupt: drawn.corrupt.filter((index) => index < drawn.length),
  }))
  .filter(({ length, batchSize, dropLast, corrupt }) => length - corrupt.length >= (dropLast ? batchSize : 1));

test("batches are the epoch's order in pieces, whatever the readers, the prefetch and the broken samples", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ length, corrupt, seed, ...rest }) => {
      const options = { ...rest, random: createRandom(seed), maxCorrupt: Number.POSITIVE_INFINITY };
      const batches = await firstOf(loader(numbers(length, corrupt), options).batches(), 9);
      expect(samplesOf(batches)).toEqual(expected(length, corrupt, options, 9));
      expect(batches.map(({ ids }) => ids)).toEqual(samplesOf(batches).map((batch) => batch.map((i) => `sample ${i}`)));
    }),
    { numRuns: 150 },
  );
});

test("continued after any batch, through JSON, with other readers: neither repeats nor skips", async () => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 5 }),
      async (drawn, stop, concurrency) => {
        const { length, corrupt, seed, ...rest } = drawn;
        const options = { ...rest, random: createRandom(seed), maxCorrupt: Number.POSITIVE_INFINITY };
        const unbroken = await firstOf(loader(numbers(length, corrupt), options).batches(), 9);
        const state = JSON.parse(JSON.stringify(unbroken[stop - 1]!.after));
        const again = loader(numbers(length, corrupt), { ...options, concurrency, random: createRandom(seed) });
        const rest2 = await firstOf(again.batches(state), 9 - stop);
        expect(samplesOf(rest2)).toEqual(samplesOf(unbroken.slice(stop)));
        expect(rest2.at(-1)?.after).toEqual(unbroken.slice(stop).at(-1)?.after);
      },
    ),
    { numRuns: 100 },
  );
});

test("every epoch has another order and holds every sample once", async () => {
  const batches = await firstOf(loader(numbers(40), { batchSize: 20, random: createRandom(3) }).batches(), 4);
  const [first, second] = [samplesOf(batches.slice(0, 2)).flat(), samplesOf(batches.slice(2)).flat()];
  expect(batches.map(({ epoch }) => epoch)).toEqual([0, 0, 1, 1]);
  expect(first).not.toEqual(second);
  for (const order of [first, second])
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

test("corrupt samples are named once, in the batch where they were met", async () => {
  const batches = await firstOf(
    loader(numbers(10, [1, 6]), { batchSize: 4, shuffle: false, maxCorrupt: 0.2 }).batches(),
    4,
  );
  expect(samplesOf(batches)).toEqual([
    [0, 2, 3, 4],
    [5, 7, 8, 9],
    [0, 2, 3, 4],
    [5, 7, 8, 9],
  ]);
  expect(batches.map(({ corrupt }) => corrupt.map(({ id }) => id))).toEqual([["sample 1"], ["sample 6"], [], []]);
  expect(batches[3]!.after.corrupt).toEqual([
    { index: 1, id: "sample 1", reason: "truncated" },
    { index: 6, id: "sample 6", reason: "truncated" },
  ]);
});

test("too many corrupt samples stop the run with their list", async () => {
  const options = { batchSize: 2, shuffle: false, maxCorrupt: 0.1 };
  const run = firstOf(loader(numbers(10, [3, 5]), options).batches(), 3);
  await expect(run).rejects.toThrow(
    "at most 1 of the 10 samples may be corrupt, found 2 so far:\n  sample 3: truncated\n  sample 5: truncated",
  );
  const allBroken = loader(numbers(3, [0, 1, 2]), { ...options, maxCorrupt: Number.POSITIVE_INFINITY });
  await expect(firstOf(allBroken.batches(), 1)).rejects.toThrow("a whole batch must remain");
});

test("few corrupt samples are passed over in small sets too", async () => {
  const batches = await firstOf(loader(numbers(13, [4, 9]), { batchSize: 3, shuffle: false }).batches(), 4);
  expect(batches.at(-1)!.after.corrupt.map(({ id }) => id)).toEqual(["sample 4", "sample 9"]);
});

test("a position belongs to what files hold, not to their names alone", async () => {
  const holding = (contents: string) => ({ ...numbers(8), contents: async () => contents });
  const options = { batchSize: 2, random: createRandom(1) };
  const [{ after }] = (await firstOf(loader(holding("pixels"), options).batches(), 1)) as [LoadedBatch<number>];
  expect(after.contents).toBe("pixels");
  const again = await firstOf(loader(holding("pixels"), options).batches(after), 1);
  expect(again[0]!.after.position).toBe(4);
  const others = loader(holding("other pixels"), options);
  await expect(firstOf(others.batches(after), 1)).rejects.toThrow(
    "the names are the same, their contents have changed. Restore the data, or pass force: true.",
  );
  expect(await firstOf(others.batches(after, { force: true }), 1)).toHaveLength(1);
  const { contents: _, ...before } = after; // saved before there were such hashes
  expect(await firstOf(others.batches(before), 1)).toHaveLength(1);
});

test("another error stops the run when its turn comes", async () => {
  const dataset: Dataset<number> = {
    length: 6,
    get: async (index) => {
      if (index === 3) throw new Error("disk gone");
      return index;
    },
  };
  const batches = loader(dataset, { batchSize: 2, shuffle: false }).batches();
  expect((await batches.next()).value.samples).toEqual([0, 1]);
  await expect(batches.next()).rejects.toThrow("disk gone");
});

test("no more reads than asked for are under way", async () => {
  let running = 0;
  let most = 0;
  const dataset: Dataset<number> = {
    length: 50,
    async get(index) {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return index;
    },
  };
  await firstOf(loader(dataset, { batchSize: 5, shuffle: false, concurrency: 3 }).batches(), 8);
  expect(most).toBe(3);
});

test("a position of other data or another seed is refused unless forced", async () => {
  const options = { batchSize: 2, random: createRandom(1) };
  const [batch] = await firstOf(loader(numbers(8), options).batches(), 1);
  const longer = loader(numbers(9), options);
  await expect(longer.batches(batch!.after).next()).rejects.toThrow(
    "saved with other data (their number, names or contents changed)",
  );
  const reseeded = loader(numbers(8), { ...options, random: createRandom(2) });
  await expect(reseeded.batches(batch!.after).next()).rejects.toThrow("another seed");
  expect((await longer.batches(batch!.after, { force: true }).next()).value.samples).toHaveLength(2);
});

test("grouped by size: a batch's samples are alike, and a position goes with its batch size", async () => {
  const options = { batchSize: 4, random: createRandom(5), groupBySize: true };
  const batches = await firstOf(loader(numbers(200), options).batches(), 50);
  const spread = samplesOf(batches).map((batch) => Math.max(...batch.map(sizeOf)) - Math.min(...batch.map(sizeOf)));
  expect(spread.filter((width) => width > 0).length).toBeLessThanOrEqual(6); // seven sizes, sorted all together: six borders
  const other = loader(numbers(200), { ...options, batchSize: 5 });
  await expect(other.batches(batches[0]!.after).next()).rejects.toThrow("another seed, shuffle or grouping");
});

test("settings that cannot work are refused", () => {
  const sizeless = { length: 4, get: async (index: number) => index };
  expect(() => loader(sizeless, { batchSize: 2, random: createRandom(1), groupBySize: true })).toThrow("Dataset.size");
  expect(() => loader(numbers(4), { batchSize: 2, shuffle: false, groupBySize: true })).toThrow(
    "groupBySize needs shuffle",
  );
  expect(() => loader(numbers(4), { batchSize: 2 })).toThrow("shuffle needs a random stream");
  expect(() => loader(numbers(4), { batchSize: 5, shuffle: false })).toThrow("got 4 samples and batchSize 5");
  expect(() => loader(numbers(4), { batchSize: 2.5, shuffle: false })).toThrow("batchSize must be a whole number");
});
