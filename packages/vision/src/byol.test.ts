import { chooseEngine, createRandom, namedVariables } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { scalar, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { byol } from "./byol.js";
import { resnet18 } from "./encoders/resnet.js";
import { stackImages } from "./image.js";
import { side, stripes } from "./testing/stripes.js";
import {
  expectAsTranscribed,
  givenViews,
  readTranscription,
  smallEncoder,
  startAs,
  view,
} from "./testing/transcription.js";

const augment = simclrCifar10({ size: side, cropArea: [0.8, 1], jitterStrength: 0.2, grayProbability: 0 });

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("byol", () => {
  const suite = methodSuite({
    make: (random) => {
      const encoder = resnet18({ width: 4, random: random.split("encoder") });
      return byol(encoder, augment, random, { momentum: 0.9, hiddenSize: 16, projectionSize: 8 });
    },
    samples: stripes,
    inputs: () => standardize(stackImages(stripes), augment.statistics),
    steps: 12,
  });
  for (const { name, run } of suite) test(name, run);

  for (const engine of ["cpu", "onnx"] as const) {
    test(`five steps as PyTorch's, on ${engine}`, async () => {
      await chooseEngine({ engine });
      const oracle = readTranscription<Step>("byol");
      const random = createRandom(1);
      const encoder = smallEncoder(oracle.groups, random);
      startAs(encoder, oracle.start.encoder!);
      const method = byol(encoder, givenViews, random, oracle.options);
      startAs(method.learned.predictor!, oracle.start.predictor!);
      for (const projector of [method.learned.projector!, method.carried!.targetProjector!]) {
        startAs(projector, oracle.start.projector!);
      }
      await expectAsTranscribed(method, oracle, {
        batchOf: ({ first, second }) => ({ images: zeros([1, 1, 1, 1]), first: view(first), second: view(second) }),
      });
    });
  }

  test("target and projector start alike; the target no longer moves at the end", () => {
    const method = byol(smallEncoder(1, createRandom(1)), givenViews, createRandom(2), { hiddenSize: 3 });
    const learned = namedVariables(method.learned, "parameters");
    const carried = namedVariables(method.carried!, "parameters");
    for (const [name, variable] of Object.entries(carried)) {
      const online = learned[name.replace("targetProjector", "projector").replace("target", "encoder")]!;
      expect(variable.dataSync(), name).toEqual(online.dataSync());
      online.assign(zeros(online.shape));
    }
    const [name, variable] = Object.entries(carried)[0]!;
    const before = [...variable.dataSync()];
    method.afterStep!(scalar(1));
    expect([...variable.dataSync()], name).toEqual(before);
    method.afterStep!(scalar(0)); // τ = 0.996
    expect(variable.dataSync()[0]).toBeCloseTo(0.996 * before[0]!, 6);
  });
});

interface Step {
  first: { shape: number[]; values: number[] };
  second: { shape: number[]; values: number[] };
}
