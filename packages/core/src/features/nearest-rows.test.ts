import { expect, it } from "vitest";
import type { Embedded } from "./embed.js";
import { nearestRows } from "./nearest-rows.js";

/** Angles 0°, 90°, 180°, 45° and 0° again, of different lengths. */
async function* rows(): AsyncGenerator<Embedded> {
  yield { ids: ["same", "across"], features: { values: Float32Array.of(2, 0, 0, 5), count: 2, size: 2 } };
  yield { ids: ["against"], features: { values: Float32Array.of(-1, 0), count: 1, size: 2 } };
  yield { ids: ["half", "again"], features: { values: Float32Array.of(3, 3, 7, 0), count: 2, size: 2 } };
}
const query = Float32Array.of(4, 0);

it("ranks by the cosine, of equals the earlier first", async () => {
  const found = await nearestRows(query, rows());
  expect(found.map(({ id }) => id)).toEqual(["same", "again", "half", "across", "against"]);
  [1, 1, Math.SQRT1_2, 0, -1].forEach((similarity, place) => {
    expect(found[place]!.similarity).toBeCloseTo(similarity, 6);
  });
});

it("keeps so many, and leaves out what is told", async () => {
  const found = await nearestRows(query, rows(), { count: 2, isLeftOut: async (id) => id === "same" });
  expect(found.map(({ id }) => id)).toEqual(["again", "half"]);
});

it("has no direction to compare where all is zero", async () => {
  const [first] = await nearestRows(Float32Array.of(0, 0), rows(), { count: 1 });
  expect(first).toEqual({ id: "same", similarity: 0 });
});

it("refuses features of another size", async () => {
  await expect(nearestRows(Float32Array.of(1), rows())).rejects.toThrow("must have the same size, got 1 and 2");
});
