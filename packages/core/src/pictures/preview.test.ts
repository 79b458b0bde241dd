import type { OnnxBackend } from "@autodidact/tfjs-backend-onnx";
import {
  backend,
  getBackend,
  memory,
  mul,
  reshape,
  scalar,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseEngine } from "../engine/engine.js";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { preview } from "./preview.js";

beforeAll(() => useTestBackend());
afterAll(() => useTestBackend());

const brightness = () => tidy(() => variable(scalar(0.5), false));

/** Two images of one pixel; what comes out is the pixel times a weight. */
function dimming(weight: Tensor) {
  const image = (x: Tensor) => reshape(x, [2, 1, 1, 1]);
  return {
    draw: (samples: readonly number[]) => ({ x: tensor2d([...samples], [2, 1]) }),
    preview: ({ x }: { x: Tensor2D }) => ({ input: image(x), output: image(mul(x, weight)) }),
  };
}

test("shows the same samples by the weights as they are", async () => {
  const weight = brightness();
  const before = memory().numTensors;
  const { look, dispose } = preview(dimming(weight), [1, 0.4], createRandom(0))!;
  const grayOf = async () => {
    const { pixels, width, height, channels } = await look();
    expect(channels).toBe(1);
    return [pixels[0], pixels[width - 1], pixels[(height - 1) * width], pixels[height * width - 1]];
  };
  expect(await grayOf()).toEqual([255, 128, 102, 51]);
  tidy(() => weight.assign(scalar(0.25)));
  expect(await grayOf()).toEqual([255, 64, 102, 26]);
  dispose();
  expect(memory().numTensors).toBe(before);
  weight.dispose();
});

test("compiles nothing from the third look on", async () => {
  await chooseEngine({ engine: "onnx" });
  const weight = brightness();
  const { look, dispose } = preview(dimming(weight), [1, 0.4], createRandom(0))!;
  await look();
  await look(); // what cuts the rows out to be drawn is compiled by now, too
  const graphs = () => (backend() as unknown as OnnxBackend).stats().graphs;
  const before = graphs();
  for (let i = 0; i < 3; i += 1) await look();
  expect([getBackend(), graphs()]).toEqual(["onnx", before]);
  dispose();
  weight.dispose();
});

test("is nothing where the method shows nothing", () => {
  expect(preview({ draw: () => ({}) }, [1], createRandom(0))).toBeUndefined();
});
