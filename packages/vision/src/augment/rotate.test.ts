import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d, tensor4d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, planesOf, readOracle } from "../testing/oracle.js";
import { drawRotations, rotate } from "./rotate.js";

const oracle = readOracle("augment").rotate;

beforeAll(useTestBackend);

describe("rotate", () => {
  it("turns a quarter counter-clockwise", () => {
    expectClose(rotate(tensor4d([1, 2, 3, 4], [1, 1, 2, 2]), tensor2d([[0, 1]])), [2, 4, 1, 3], 1e-5);
  });

  it("matches grid_sample", () => {
    const turns = (oracle.degrees as number[]).map((degrees) => (degrees * Math.PI) / 180);
    const rotations = tensor2d(turns.map((angle) => [Math.cos(angle), Math.sin(angle)]));
    expectClose(rotate(planesOf(oracle), rotations), oracle.planes, 1e-5);
  });
});

describe("drawRotations", () => {
  it("turns both ways up to the angle", async () => {
    const sines = (await drawRotations(500, createRandom(6), 30).array()).map(([, sine]) => sine!);
    expect(Math.max(...sines)).toBeLessThanOrEqual(0.5);
    expect(Math.max(...sines)).toBeGreaterThan(0.47);
    expect(Math.min(...sines)).toBeLessThan(-0.47);
  });
});
