/** What is said before and after a run, without the run. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, encodePng } from "@autodidact/core";
import { resnet18, saveImageEncoder } from "@autodidact/vision";
import type { ImageSettings } from "@autodidact/vision/cards";
import { afterAll, beforeAll, expect, it } from "vitest";
import { images } from "./modality.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterAll(() => rm(folder, { recursive: true }));

const nextOf = async (path: string) => {
  const { next } = await images.conclude({ data: { path } } as ImageSettings, "runs/a", undefined);
  return next.command;
};

it("names the data again where it has classes, else says that others are to be named", async () => {
  const [classed, plain] = [join(folder, "classed"), join(folder, "plain")];
  const picture = encodePng({ pixels: new Uint8Array(192), width: 8, height: 8, channels: 3 });
  for (const place of [join(classed, "cat"), join(classed, "dog"), plain]) {
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "1.png"), picture);
  }
  expect(await nextOf(classed)).toBe(`evaluate runs/a --data ${classed} --protocol linear`);
  expect(await nextOf(plain)).toBe("evaluate runs/a --data LABELLED --protocol linear");
  expect(await nextOf(join(folder, "gone"))).toContain("--data LABELLED");
});

it("refuses another width than that of --init before it looks at the data", async () => {
  const encoder = resnet18({ width: 2, stem: "cifar", random: createRandom(0) });
  const statistics = { mean: [0.5, 0.5, 0.5], std: [1, 1, 1] };
  const init = join(folder, "encoder");
  await saveImageEncoder(encoder, init, { size: 8, statistics });
  const planned = images.plan("simclr", join(folder, "nowhere"), { init, width: 4 });
  await expect(planned).rejects.toThrow(`--init ${init} brings its own width, 2: leave out --width 4.`);
});
