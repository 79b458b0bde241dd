import { describe, expect, it } from "vitest";
import { labelled, rowsByClass, selectRows } from "./feature-table.js";

const tableOf = (rows: readonly (readonly number[])[], labels: readonly number[], classes: number) =>
  labelled({ values: Float32Array.from(rows.flat()), count: rows.length, size: rows[0]!.length }, labels, classes);

describe("labelled", () => {
  const features = { values: Float32Array.of(1, 2, 3, 4), count: 2, size: 2 };

  it("refuses labels that do not fit the rows", () => {
    expect(() => labelled(features, [0], 2)).toThrow("got 2 rows and 1 labels");
  });

  it("refuses a class outside the range, or between two, and names the row", () => {
    expect(() => labelled(features, [0, 2], 2)).toThrow("from 0 to 1, got 2 in row 1");
    expect(() => labelled(features, [0.5, 1], 2)).toThrow("got 0.5 in row 0");
    expect(() => labelled(features, [0, -1], 2)).toThrow("got -1 in row 1");
  });

  it("keeps how many layers a row has, which must divide it", () => {
    const layered = labelled({ ...features, layers: 2 }, [0, 1], 2);
    expect([layered.layers, selectRows(layered, [1]).layers]).toEqual([2, 2]);
    expect(() => labelled({ ...features, layers: 3 }, [0, 1], 2)).toThrow("layers must divide the size, 2, got 3");
  });

  it("refuses values of another shape", () => {
    expect(() => labelled({ ...features, size: 3 }, [0, 1], 2)).toThrow("2 × 3 numbers, got 4");
  });
});

describe("selectRows", () => {
  it("takes rows with their labels in the order asked", () => {
    const table = tableOf(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [0, 1, 2],
      3,
    );
    const picked = selectRows(table, [2, 0]);
    expect([...picked.values]).toEqual([5, 6, 1, 2]);
    expect([...picked.labels]).toEqual([2, 0]);
    expect(picked.count).toBe(2);
  });
});

it("rowsByClass lists rows, also of a class without any", () => {
  expect(rowsByClass(Int32Array.of(2, 0, 2), 3)).toEqual([[1], [], [0, 2]]);
});
