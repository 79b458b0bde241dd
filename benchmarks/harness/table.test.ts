import { expect, test } from "vitest";
import { formatBytes, formatDuration, table } from "./table.js";

test("the first column stands left, figures right", () => {
  const text = table(
    ["contender", "median"],
    [
      ["onnx", "451 ms"],
      ["pytorch eager", "47.3 ms"],
    ],
  );
  expect(text.split("\n")).toEqual([
    "contender       median",
    "-------------  -------",
    "onnx            451 ms",
    "pytorch eager  47.3 ms",
  ]);
});

test("durations keep three digits", () => {
  expect([0.8412, 12.61, 451.4, 4213].map(formatDuration)).toEqual(["0.84 ms", "12.6 ms", "451 ms", "4.21 s"]);
});

test("bytes are decimal", () => {
  expect([2_345_000, 1_987_000_000].map(formatBytes)).toEqual(["2 MB", "1.99 GB"]);
});
