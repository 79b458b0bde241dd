import { stripVTControlCharacters } from "node:util";
import type { FineTuningContender } from "@autodidact/text";
import { expect, it } from "vitest";
import { fineTuningTable } from "./fine-tuning-table.js";

const results = (["pretrained", "from scratch"] as FineTuningContender[]).flatMap((contender, i) =>
  [0.8, 0.9, 1].map((score) => ({ contender, score: score - 0.1 * i })),
);

it("writes mean and deviation over seeds", () => {
  const rows = stripVTControlCharacters(
    fineTuningTable("%", results, { F1: ({ score }) => score }, [["chance", "50.0"]]),
  );
  expect(
    rows
      .split("\n")
      .slice(2)
      .map((row) => row.split(/ {2,}/)),
  ).toEqual([
    ["pretrained", "90.0 ± 10.0"], // of 80, 90, 100 the unbiased deviation is 10
    ["from scratch", "80.0 ± 10.0"],
    ["chance", "50.0"],
  ]);
});

it("writes one seed's score alone", () => {
  const alone = results.filter((_, i) => i % 3 === 0);
  expect(stripVTControlCharacters(fineTuningTable("%", alone, { F1: ({ score }) => score }))).toMatch(
    /pretrained +80\.0$/m,
  );
});
