import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../random.js";
import { groupedOrder } from "./grouped-order.js";

test("any sizes: every index once, the same for the same seed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(20), { maxLength: 300 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer(),
      (sizes, batchSize, seed) => {
        const order = groupedOrder(sizes, batchSize, createRandom(seed));
        expect([...order].sort((a, b) => a - b)).toEqual(sizes.map((_, index) => index));
        expect(groupedOrder(sizes, batchSize, createRandom(seed))).toEqual(order);
      },
    ),
  );
});

test("10,000 lengths: batches need a twentieth of the padding, in no order of length", () => {
  const random = createRandom(3);
  const sizes = Array.from({ length: 10_000 }, () => 1 + random.integer(500));
  const batchSize = 32;
  const padding = (order: ArrayLike<number>) => {
    let padded = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = Array.from(
        { length: Math.min(batchSize, order.length - start) },
        (_, i) => sizes[order[start + i]!]!,
      );
      padded += batch.length * Math.max(...batch) - batch.reduce((a, b) => a + b, 0);
    }
    return padded;
  };
  const order = groupedOrder(sizes, batchSize, createRandom(1));
  expect(padding(order)).toBeLessThan(padding(createRandom(1).permutation(sizes.length)) / 20);

  const firsts = Array.from({ length: 312 }, (_, batch) => sizes[order[batch * batchSize]!]!);
  const rising = firsts.filter((size, batch) => batch > 0 && size > firsts[batch - 1]!).length;
  expect(Math.abs(rising / 311 - 0.5)).toBeLessThan(0.1);
  expect(groupedOrder(sizes, batchSize, createRandom(2))).not.toEqual(order);
});

test("what is left over of full batches comes last and is of all sizes", () => {
  const sizes = Array.from({ length: 1039 }, (_, index) => index);
  const order = groupedOrder(sizes, 40, createRandom(1));
  const rest = [...order.subarray(1000)];
  expect(rest).toHaveLength(39);
  expect(Math.max(...rest) - Math.min(...rest)).toBeGreaterThan(800);
});
