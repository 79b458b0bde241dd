/**
 * SimCLR steps on the engine `tensorflow` for real: its losses are those of the other engines.
 *
 * AUTODIDACT_TFJS_NODE names a folder that build.ts built; without it one is built in a temporary folder, where that is possible.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chooseEngine,
  compileStep,
  conv2d,
  createRandom,
  type EngineName,
  gradientsOf,
  namedVariables,
  sgd,
  type Tensors,
  training,
} from "@autodidact/core";
import { type Image, resnet18, simclr, simclrCifar10 } from "@autodidact/vision";
import { dispose, type Scalar, scalar, square, sum, tensor4d, variable } from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { buildBinding, missingForBuild } from "./build-binding.js";

const given = process.env.AUTODIDACT_TFJS_NODE;
const missing = given ? [] : missingForBuild();
const STEPS = 3;

describe.skipIf(missing.length > 0)("SimCLR on engine tensorflow", () => {
  let temporary: string | undefined;
  const builtFolder = () => {
    if (!given) temporary ??= mkdtempSync(join(tmpdir(), "tfjs-node-"));
    return buildBinding(given ?? temporary!);
  };
  afterAll(() => temporary && rmSync(temporary, { recursive: true }));

  test("has the losses of engines cpu and onnx", async () => {
    const folder = builtFolder();

    const onCpu = await lossesOn("cpu");
    const onOnnx = await lossesOn("onnx");
    const onTensorflow = await lossesOn("tensorflow", folder);

    expect(onCpu).toHaveLength(STEPS);
    expect(onCpu[STEPS - 1]).toBeLessThan(onCpu[0]!); // a step that changes nothing would agree everywhere
    for (const [step, loss] of onCpu.entries()) {
      expect(Math.abs(onTensorflow[step]! - loss), `tensorflow, step ${step}`).toBeLessThan(1e-4);
      expect(Math.abs(onOnnx[step]! - loss), `onnx, step ${step}`).toBeLessThan(1e-4);
    }
  });

  test.each([1, 4])(
    "has the gradients of a convolution in %i groups, padded on both sides at stride 2",
    async (groups) => {
      const folder = builtFolder();

      const onCpu = await convolutionGradientsOn("cpu", groups);
      const onTensorflow = await convolutionGradientsOn("tensorflow", groups, folder);

      expect(onCpu.some((value) => Math.abs(value) > 0.1)).toBe(true);
      expect(onTensorflow).toHaveLength(onCpu.length);
      for (const [i, value] of onCpu.entries()) expect(onTensorflow[i]).toBeCloseTo(value, 4);
    },
  );
});

if (missing.length > 0) {
  const reason = `engine tensorflow is untested here: ${missing.join("; ")}`;
  console.warn(reason);
  test.skip(reason, () => {});
}

/** The losses of the first steps of one and the same run. */
async function lossesOn(engine: EngineName, libraryPath?: string): Promise<number[]> {
  const chosen = await chooseEngine({ engine, libraryPath });
  expect(chosen.name).toBe(engine);

  const random = createRandom(7);
  const encoder = resnet18({ width: 4, stem: "cifar", random: random.split("encoder") });
  const method = simclr(encoder, simclrCifar10({ size: 16 }), random.split("method"), { temperature: 0.5 });
  const parameters = namedVariables(method.learned, "parameters");
  const optimizer = sgd(parameters, { momentum: 0.9, weightDecay: 5e-4 });
  const step = compileStep(({ batch, rate }: { batch: Tensors; rate: Scalar }) => {
    const { loss, gradients } = gradientsOf(() => training(() => method.loss(batch as never)), parameters);
    optimizer.step(gradients, rate);
    return { loss };
  });

  const batch = method.draw(noiseImages(8), random.split("draw")); // one batch: its loss must fall
  const rate = scalar(0.05);
  const losses: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const { loss } = await step({ batch, rate });
    losses.push((await loss.data())[0]!);
    loss.dispose();
  }
  step.dispose();
  dispose([batch, rate, Object.values(parameters), Object.values(optimizer.state)]);
  return losses;
}

function noiseImages(count: number): Image[] {
  const random = createRandom(3);
  const [height, width, channels] = [16, 16, 3];
  return Array.from({ length: count }, (_, i) => {
    const pixels = Uint8Array.from({ length: height * width * channels }, () => random.integer(256));
    return { id: `noise ${i}`, pixels, height, width, channels };
  });
}

/** The gradients at the weight, then at the input, of the summed squares of what a 3×3 convolution gives. */
async function convolutionGradientsOn(engine: EngineName, groups: number, libraryPath?: string): Promise<number[]> {
  await chooseEngine({ engine, libraryPath });
  const random = createRandom(5);
  const convolve = conv2d(4, 4, { kernelSize: 3, stride: 2, padding: 1, groups, bias: false, random });
  const { weight } = convolve.parameters;
  const images = variable(tensor4d(random.normals(2 * 6 * 6 * 4), [2, 6, 6, 4]));

  const { gradients } = gradientsOf(() => sum(square(convolve(images))), { weight: weight!, images });
  const values = [gradients.weight!, gradients.images!].flatMap((gradient) => [...gradient.dataSync()]);
  dispose([gradients, weight!, images]);
  return values;
}
