import { createRandom, loader, namedVariables, sgd, train } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, expect, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { openImages } from "./datasets/open-images.js";
import { resnet18 } from "./encoders/resnet.js";
import { simclr } from "./simclr.js";
import { plain, ramp } from "./testing/image-files.js";
import { useTemporaryFolder } from "./testing/temporary-folder.js";

const folder = useTemporaryFolder();

beforeAll(async () => {
  await useTestBackend();
  for (const tone of [0, 60, 120, 180, 240]) {
    await folder.write(
      `${tone}.png`,
      await plain([tone, 255 - tone, 90], 12, 10)
        .png()
        .toBuffer(),
    );
  }
  const whole = await ramp(64).jpeg().toBuffer();
  await folder.write("half.jpg", whole.subarray(0, whole.length / 2));
});

async function pretraining(maxCorrupt: number) {
  const random = createRandom(1);
  const images = await openImages(folder.path(), { size: 8 });
  const method = simclr(resnet18({ width: 2, random }), simclrCifar10({ size: 8 }), random);
  return train({
    method,
    loader: loader(images, { batchSize: 2, random, maxCorrupt }),
    optimizer: sgd(namedVariables(method.learned, "parameters")),
    learningRate: 0.01,
    steps: 4,
    random,
  });
}

test("a broken image is named once, skipped, and training goes on", async () => {
  const run = await pretraining(0.2);
  const skipped: string[] = [];
  const losses: number[] = [];
  for await (const { loss, corrupt } of run) {
    losses.push(loss);
    skipped.push(...corrupt.map(({ id, reason }) => `${id}: ${reason}`));
  }
  expect(losses.length).toBe(4);
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(skipped).toEqual([expect.stringMatching(/^half\.jpg: damaged or truncated/)]);
  run.dispose();
});

test("too many broken images stop the run", async () => {
  const run = await pretraining(0.1);
  await expect(async () => {
    for await (const _ of run);
  }).rejects.toThrow("half.jpg");
});
