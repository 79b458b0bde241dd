import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { matmulSpeed } from "./matmul-speed.js";

beforeAll(() => useTestBackend());

test("tells a size that takes long enough and a speed, and leaves no tensor", async () => {
  const before = memory().numTensors;
  const { size, gigaflopsPerSecond, runs } = await matmulSpeed(0);
  expect([128, 256, 512, 1024]).toContain(size);
  expect(gigaflopsPerSecond).toBeGreaterThan(0);
  expect(runs).toBe(3); // whatever the time
  expect(memory().numTensors).toBe(before);
});
