import { chooseEngine, countFlops, createRandom, type Encoder, parameterCount } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readOracle } from "../testing/oracle.js";
import { resnet18 } from "./resnet.js";
import { vitTiny } from "./vit.js";

const random = createRandom(0);
/** Written by tools/oracles/flops_oracles.py: what PyTorch counts of torchvision's and Hugging Face's. */
const theirs = readOracle("flops") as Record<"resnet18" | "vitTiny", { products: number; parameters: number }>;

beforeAll(() => chooseEngine({ engine: "onnx" })); // where counting computes nothing
afterAll(() => useTestBackend());

const flopsOf = (encoder: Encoder, side: number) => countFlops(() => encoder(zeros([1, side, side, 3])));

const stages = [64, 128, 256, 512].map((channels, stage) => ({ channels, places: (56 / 2 ** stage) ** 2, stage }));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

it("of ResNet-18 at 224 are 1.8 G multiply-adds", () => {
  const encoder = resnet18({ random });
  const { products, elements, uncounted } = flopsOf(encoder, 224);
  const multiplyAdds =
    112 ** 2 * 64 * (7 * 7 * 3) + // conv1
    sum(
      stages.map(({ channels, places, stage }) => {
        const before = stage === 0 ? channels : channels / 2;
        const shortcut = stage === 0 ? 0 : places * channels * before;
        return places * channels * 9 * before + 3 * places * channels * 9 * channels + shortcut; // four convolutions 3 × 3
      }),
    );
  expect(multiplyAdds).toBe(1_813_561_344);
  expect(products).toBe(2 * multiplyAdds);
  expect(products).toBe(theirs.resnet18.products);
  expect(uncounted).toEqual([]);

  const norm = (channels: number, places: number) => channels * (2 * places + 5); // · scale + shift, which are made of five numbers a channel
  const ofStages = stages.map(({ channels, places, stage }) => {
    const blocks = 4 * norm(channels, places) + 2 * 3 * channels * places; // two blocks: relu, +, relu
    return stage === 0 ? blocks : blocks + norm(channels, places);
  });
  const stem = norm(64, 112 ** 2) + 64 * 112 ** 2 + 64 * 56 ** 2 * 9; // relu, then a max-pool of 3 × 3
  expect(elements).toBe(stem + sum(ofStages) + 512 * 7 * 7);
  expect(parameterCount(encoder)).toBe(theirs.resnet18.parameters);
});

it("of ViT-tiny with patches of 16 at 224 are 1.25 G multiply-adds, attention's products among them", () => {
  const encoder = vitTiny({ imageSize: 224, patchSize: 16, random });
  const { products, elements, uncounted } = flopsOf(encoder, 224);
  const [tokens, width] = [197, 192];
  const layer = tokens * (3 + 1 + 4 + 4) * width ** 2 + 2 * tokens ** 2 * width; // q, k, v, output, up, down; q kᵀ and its product with v
  const multiplyAdds = 196 * (16 * 16 * 3) * width + 12 * layer;
  expect(multiplyAdds).toBe(1_253_491_200);
  expect(products).toBe(2 * multiplyAdds);
  expect(products).toBe(theirs.vitTiny.products);
  expect(uncounted).toEqual([]);
  expect(elements / products).toBeLessThan(0.03);
  expect(parameterCount(encoder)).toBe(theirs.vitTiny.parameters);
});

it("are the same on TensorFlow.js's CPU backend, which computes them", async () => {
  const small = resnet18({ width: 4, random });
  const onOnnx = flopsOf(small, 32);
  await chooseEngine({ engine: "cpu" });
  const again = resnet18({ width: 4, random });
  expect(flopsOf(again, 32)).toEqual(onOnnx);
});
