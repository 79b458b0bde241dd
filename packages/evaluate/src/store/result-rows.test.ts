import { expect, it } from "vitest";
import { madeCell } from "../testing/cells.js";
import { resultColumns } from "./result-rows.js";

it("has a row for each score of each result, and one for a cell that failed", () => {
  const cells = [madeCell({ shares: [0.1, 1] }), madeCell({ encoder: "mae", error: "no memory" })].map(
    ({ record }) => record,
  );
  const columns = Object.fromEntries(resultColumns(cells).map(({ name, values }) => [name, values]));
  expect(columns).toMatchObject({
    status: ["done", "done", "failed"],
    encoder: ["simclr", "simclr", "mae"],
    metric: ["accuracy", "accuracy", null],
    label_share: [0.1, 1, null],
    value: [expect.closeTo(0.275, 12), 0.5, null],
    random_init: [0.9, 0.9, null],
    flops: [2e9, 2e9, null],
    parameters: [1e6, 1e6, null],
    energy_joules: [null, null, null],
    rank_me: [3, 3, null],
    error: [null, null, "no memory"],
  });
  for (const { values } of resultColumns(cells)) expect(values).toHaveLength(3);
  expect(resultColumns([])[0]!.values).toEqual([]);
});
