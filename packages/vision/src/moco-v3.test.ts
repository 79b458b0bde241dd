import { chooseEngine, createRandom, namedVariables } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { resnet18 } from "./encoders/resnet.js";
import { vit } from "./encoders/vit.js";
import { stackImages } from "./image.js";
import { mocoV3 } from "./moco-v3.js";
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
const small = { hiddenSize: 16, projectionSize: 8, momentum: 0.9 };

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("mocoV3", () => {
  for (const [name, encoder] of [
    ["resnet", (random: ReturnType<typeof createRandom>) => resnet18({ width: 4, random })],
    [
      "vit",
      (random: ReturnType<typeof createRandom>) =>
        vit({ imageSize: side, patchSize: 2, width: 8, layers: 1, positions: "sincos", frozenPatches: true, random }),
    ],
  ] as const) {
    const suite = methodSuite({
      make: (random) => mocoV3(encoder(random.split("encoder")), augment, random, small),
      samples: stripes,
      inputs: () => standardize(stackImages(stripes), augment.statistics),
      steps: 12,
    });
    describe(name, () => {
      for (const { name, run } of suite) test(name, run);
    });
  }

  for (const engine of ["cpu", "onnx"] as const) {
    test(`five steps as PyTorch's, on ${engine}`, async () => {
      await chooseEngine({ engine });
      const oracle = readTranscription<Step>("moco-v3");
      const random = createRandom(1);
      const encoder = smallEncoder(oracle.groups, random);
      startAs(encoder, oracle.start.encoder!);
      const method = mocoV3(encoder, givenViews, random, { ...oracle.options, projectorLayers: 2 });
      startAs(method.learned.predictor!, oracle.start.predictor!);
      for (const projector of [method.learned.projector!, method.carried!.keyProjector!]) {
        startAs(projector, oracle.start.projector!);
      }
      await expectAsTranscribed(method, oracle, {
        batchOf: ({ first, second }) => ({ images: zeros([1, 1, 1, 1]), first: view(first), second: view(second) }),
      });
    });
  }

  test("a vision transformer's patches are carried along, and no optimizer moves them", () => {
    const random = createRandom(1);
    const encoder = vit({ imageSize: side, patchSize: 2, width: 8, layers: 1, frozenPatches: true, random });
    const { learned } = mocoV3(encoder, augment, random, small);
    const names = Object.keys(namedVariables(learned, "parameters"));
    expect(names.filter((name) => name.includes("patch_embeddings"))).toEqual([]);
    expect(names).toContain("encoder.embeddings.cls_token");
  });
});

interface Step {
  first: { shape: number[]; values: number[] };
  second: { shape: number[]; values: number[] };
}
