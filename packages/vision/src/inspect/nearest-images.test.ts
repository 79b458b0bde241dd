import { symlink } from "node:fs/promises";
import { chooseEngine, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cifar10Statistics } from "../augment/standardize.js";
import { saveImageEncoder } from "../encoders/image-encoder-files.js";
import { resnet18 } from "../encoders/resnet.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { nearestImages } from "./nearest-images.js";

const folder = useTemporaryFolder();
const plain = (background: string) =>
  sharp({ create: { width: 12, height: 12, channels: 3, background } })
    .png()
    .toBuffer();

beforeAll(async () => {
  await chooseEngine({ engine: "onnx" });
  const encoder = resnet18({ width: 2, stem: "cifar", random: createRandom(1) });
  await saveImageEncoder(encoder, folder.path("encoder"), { size: 8, statistics: cifar10Statistics });
  for (const [name, colour] of [
    ["train/warm/red", "#f00"],
    ["train/warm/orange", "#f10"],
    ["train/cold/blue", "#00f"],
    ["test/cold/black", "#000"],
    ["test/warm/copy", "#f00"],
  ] as const)
    await folder.write(`photos/${name}.png`, await plain(colour));
  await folder.write("photos/train/warm/broken.png", (await plain("#f00")).subarray(0, 40));
});
afterAll(useTestBackend);

describe("nearestImages", () => {
  it("are of every part; the query is none of its own, under a link's name too, and a copy of it is", async () => {
    await symlink(folder.path("photos/train/warm/red.png"), folder.path("link.png"));
    for (const query of [folder.path("photos/train/warm/red.png"), folder.path("link.png")]) {
      const broken: string[] = [];
      const { neighbours, sheet } = await nearestImages(folder.path("encoder"), folder.path("photos"), query, {
        count: 3,
        onCorrupt: ({ id }) => broken.push(id),
      });
      expect(neighbours.slice(0, 2).map(({ id }) => id)).toEqual(["test/warm/copy.png", "train/warm/orange.png"]);
      expect(neighbours[0]!.similarity).toBeCloseTo(1, 5);
      expect(neighbours).toHaveLength(3);
      expect(broken).toEqual(["train/warm/broken.png"]);
      expect([sheet.width, sheet.height]).toEqual([3 * 74 - 2, 72 + 10 + 72]);
      const at = (y: number, x: number) => [
        ...sheet.pixels.subarray(3 * (y * sheet.width + x), 3 * (y * sheet.width + x) + 3),
      ];
      expect([at(0, 0), at(0, 74), at(82, 0), at(82, 74)]).toEqual([
        [255, 0, 0],
        [255, 255, 255], // beside the query nothing
        [255, 0, 0],
        [255, 17, 0],
      ]);
    }
  });

  it("compares by a middle layer where one is told", async () => {
    const asked = (layer?: string) =>
      nearestImages(folder.path("encoder"), folder.path("photos"), folder.path("link.png"), { layer });
    expect((await asked("layer1")).neighbours).not.toEqual((await asked()).neighbours);
    await expect(asked("layer9")).rejects.toThrow("layer must be one of the encoder's, layer1");
  });

  it("refuses a query that is no image, and a folder that holds the query alone", async () => {
    const text = await folder.write("notes.txt", "hello");
    const asked = (path: string, query: string) => nearestImages(folder.path("encoder"), path, query);
    await expect(asked(folder.path("photos"), text)).rejects.toThrow("notes.txt cannot be read");
    await expect(asked(folder.path("photos"), folder.path("none.png"))).rejects.toThrow("Name an image file");
    const only = await folder.write("only/a.png", await plain("#0f0"));
    await expect(asked(folder.path("only"), only)).rejects.toThrow("must hold a readable image beside the query");
  });
});
