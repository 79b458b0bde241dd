import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodePng, UsageError } from "@autodidact/core";
import { openLabelledTexts } from "@autodidact/text";
import { openLabelledImages } from "@autodidact/vision";
import { afterAll, beforeAll, expect, it } from "vitest";
import { images } from "./images/modality.js";
import { withItsData } from "./other-data.js";
import { text } from "./text/modality.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  const png = encodePng({ pixels: new Uint8Array(8 * 8 * 3), height: 8, width: 8, channels: 3 });
  for (const name of ["photos", "notes", "nothing"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "photos/1.png"), png);
  await writeFile(join(folder, "notes/1.txt"), "A note.");
});
afterAll(() => rm(folder, { recursive: true }));

const asked = (name: string, modality: typeof text | typeof images) =>
  ({ folder: "runs/a", data: join(folder, name), modality }) as Parameters<typeof withItsData>[0];

it("data of another modality is called what it is", async () => {
  const photos = withItsData(asked("photos", text), () => openLabelledTexts(join(folder, "photos")));
  await expect(photos).rejects.toThrow(
    /^runs\/a learned from text, and .*photos holds images\. Name data of the run's kind/,
  );
  const notes = withItsData(asked("notes", images), () => openLabelledImages(join(folder, "notes")));
  await expect(notes).rejects.toThrow(/^runs\/a learned from images, and .*notes holds text\./);
});

it("what is nothing at all, and other failures, stay as they are", async () => {
  const nothing = withItsData(asked("nothing", text), () => openLabelledTexts(join(folder, "nothing")));
  await expect(nothing).rejects.toThrow("must be or hold one table");
  const error = new UsageError("another");
  await expect(withItsData(asked("photos", text), () => Promise.reject(error))).rejects.toBe(error);
  expect(await withItsData(asked("photos", text), async () => 3)).toBe(3);
});
