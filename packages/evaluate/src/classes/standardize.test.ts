import { expect, it } from "vitest";
import { tableOf } from "../testing/tables.js";
import { fitScaling, standardize } from "./standardize.js";

it("standardises by the rows it was fitted on: mean 2, unbiased deviation √2; a constant becomes 0", () => {
  const scaling = fitScaling(
    tableOf(
      [
        [1, 5],
        [3, 5],
      ],
      [0, 1],
      2,
    ),
  );
  const { values } = standardize(
    tableOf(
      [
        [1, 5],
        [3, 5],
        [2, 5],
      ],
      [0, 1, 0],
      2,
    ),
    scaling,
  );
  const expected = [-Math.SQRT1_2, 0, Math.SQRT1_2, 0, 0, 0];
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
});
