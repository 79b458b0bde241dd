import { expect, test } from "vitest";
import { ahead } from "./ahead.js";

async function* upTo(n: number) {
  for (let i = 0; i < n; i += 1) yield i;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("items come in order, `depth` of them prepared before they are asked for", async () => {
  const made: number[] = [];
  const items = ahead(upTo(6), (i) => made.push(i), { depth: 2 });
  expect((await items.next()).value).toBe(1);
  await settle();
  expect(made).toEqual([0, 1, 2]);
  expect((await items.next()).value).toBe(2);
  await settle();
  expect(made).toEqual([0, 1, 2, 3]);
  const rest: number[] = [];
  for await (const count of items) rest.push(count);
  expect(rest).toEqual([3, 4, 5, 6]);
});

test("what was prepared and not taken is discarded, and the source closed", async () => {
  let closed = false;
  async function* source() {
    try {
      yield* upTo(10);
    } finally {
      closed = true;
    }
  }
  const discarded: number[] = [];
  for await (const item of ahead(source(), (i) => i, { depth: 3, discard: (i) => discarded.push(i) })) {
    if (item === 2) break;
  }
  expect(discarded).toEqual([3, 4, 5]);
  expect(closed).toBe(true);
});

test("an error comes in its item's turn", async () => {
  const items = ahead(
    upTo(5),
    (i) => {
      if (i === 2) throw new Error("item 2");
      return i;
    },
    { depth: 4 },
  );
  expect((await items.next()).value).toBe(0);
  await settle();
  expect((await items.next()).value).toBe(1);
  await expect(items.next()).rejects.toThrow("item 2");
});
