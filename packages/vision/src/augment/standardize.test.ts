import { useTestBackend } from "@autodidact/core/testing";
import { transpose } from "@tensorflow/tfjs-core";
import { beforeAll, describe, it } from "vitest";
import { expectClose, imagesOf, planesOf, readOracle } from "../testing/oracle.js";
import { imagenetStatistics, standardize } from "./standardize.js";

const oracle = readOracle("augment").standardize;

beforeAll(useTestBackend);

describe("standardize", () => {
  it("matches torchvision's normalize on bytes and on floats", () => {
    const toPlanes = [0, 3, 1, 2];
    expectClose(transpose(standardize(imagesOf(oracle), imagenetStatistics), toPlanes), oracle.planes, 1e-5);
    const floats = transpose(planesOf(oracle), [0, 2, 3, 1]);
    expectClose(transpose(standardize(floats, imagenetStatistics), toPlanes), oracle.planes, 1e-5);
  });
});
