import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { viridis } from "./viridis.js";

// Written by tools/oracles/picture_files.py.
const { colors } = JSON.parse(readFileSync(new URL("../oracles/viridis.json", import.meta.url), "utf8")) as {
  colors: number[][];
};

test("every colour is matplotlib's, or one off", () => {
  const off = colors.flat().map((value, i) => Math.abs(viridis[i]! - value));
  expect(off).toHaveLength(256 * 3);
  expect(Math.max(...off)).toBeLessThanOrEqual(1);
  for (let i = 0; i < 256; i += 5) expect([...viridis.subarray(3 * i, 3 * i + 3)]).toEqual(colors[i]);
});
