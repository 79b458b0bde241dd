import { beforeAll, expect, it } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { batchNorm } from "./batch-norm.js";
import { linear } from "./linear.js";
import { defineModule } from "./module.js";
import { parameterCount } from "./parameter-count.js";

beforeAll(() => useTestBackend());

it("counts what is learned, tied weights once and running statistics never", () => {
  const layer = linear(3, 4, { random: createRandom(0) });
  const { weight } = layer.parameters;
  const children = [["layer", layer] as const, ["norm", batchNorm(4)] as const];
  const module = defineModule((x) => x, { children, parameters: { tied: weight! } });
  expect(parameterCount(module)).toBe(3 * 4 + 4 + 2 * 4);
});
