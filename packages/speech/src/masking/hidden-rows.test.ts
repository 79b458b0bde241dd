import { chooseEngine } from "@autodidact/core";
import { beforeAll, expect, it } from "vitest";
import { hiddenRows } from "./hidden-rows.js";

beforeAll(() => chooseEngine({ engine: "cpu" }));

it("lists the hidden frames of a batch, filled up to a sixteenth of its frames", () => {
  const { mask, rows, counted } = hiddenRows([Int32Array.of(1, 2), Int32Array.of(5), Int32Array.of(0, 7)], 8);
  expect(Array.from(mask.dataSync().keys()).filter((place) => mask.dataSync()[place] === 1)).toEqual([
    1, 2, 13, 16, 23,
  ]);
  expect([...rows.dataSync()]).toEqual([1, 2, 13, 16, 23, 1]);
  expect([...counted.dataSync()]).toEqual([1, 1, 1, 1, 1, 0]);
  expect(rows.dtype).toBe("int32");
});

it("has few lengths", () => {
  const lengths = new Set<number>();
  for (let count = 1; count <= 80; count += 1)
    lengths.add(hiddenRows([Int32Array.from({ length: count }, (_, frame) => frame)], 80).rows.size);
  expect([...lengths]).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80]);
});
