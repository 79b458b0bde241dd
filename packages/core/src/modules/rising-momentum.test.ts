import { scalar } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { risingMomentum } from "./rising-momentum.js";

beforeAll(useTestBackend);

test("rises from its start to 1, half way in the middle", () => {
  const at = (progress: number) => risingMomentum(0.9, scalar(progress)).dataSync()[0];
  expect(at(0)).toBeCloseTo(0.9, 6);
  expect(at(1 / 3)).toBeCloseTo(0.925, 6); // cos 60° = ½
  expect(at(0.5)).toBeCloseTo(0.95, 6);
  expect(at(1)).toBeCloseTo(1, 6);
});
