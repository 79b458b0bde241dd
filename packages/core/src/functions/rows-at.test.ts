import { mul, type Scalar, sum, tensor2d, tensor3d, variable } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { gradientsOf } from "../gradients/gradients.js";
import { useTestBackend } from "../testing/backend.js";
import { rowsAt } from "./rows-at.js";

beforeAll(useTestBackend);

test("by hand: each sample's own rows, in the order asked, and gradients add where a row is asked twice", () => {
  const rows = variable(tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]));
  const places = tensor2d([1, 1, 0, 1, 0, 0], [2, 3], "int32");
  expect(rowsAt(rows as never, places).arraySync()).toEqual([
    [[3, 4], [3, 4], [1, 2]], // biome-ignore format: a sample a line
    [[7, 8], [5, 6], [5, 6]], // biome-ignore format: a sample a line
  ]);
  const weights = tensor3d([1, 0, 10, 0, 100, 0, 1, 0, 10, 0, 100, 0], [2, 3, 2]);
  const { gradients } = gradientsOf(() => sum(mul(rowsAt(rows as never, places), weights)) as Scalar, { rows });
  expect([...gradients.rows!.dataSync()]).toEqual([100, 0, 11, 0, 110, 0, 1, 0]);
});
