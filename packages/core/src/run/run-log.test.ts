import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Picture } from "../pictures/picture.js";
import { storedPictures } from "../pictures/picture-folder.js";
import { createRun, openRun } from "./run.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-log-"));
});
afterEach(() => rm(folder, { recursive: true }));

const filled = (value: number): Picture => ({
  pixels: new Uint8Array(4 * 6).fill(value),
  height: 4,
  width: 6,
  channels: 1,
});
const pictures = async () => (await readdir(join(folder, "pictures"))).sort();
const grayOf = async (name: string) =>
  (
    await sharp(join(folder, "pictures", name))
      .raw()
      .toBuffer()
  )[0];

test("pictures are files by step and name, and in TensorBoard's events", async () => {
  const run = await createRun(folder, {});
  const log = await run.log();
  await log.append({ step: 10, loss: 1 });
  expect(await storedPictures(folder)).toEqual([]);
  expect(await readdir(folder)).not.toContain("pictures");
  await log.picture(10, filled(10));
  await log.picture(10, filled(11), "attention");
  await log.picture(10, filled(12)); // the same again takes its place
  await expect(log.picture(10, filled(1), "../out")).rejects.toThrow("must be of letters, digits and hyphens");
  await expect(log.picture(1.5, filled(1))).rejects.toThrow("step must be a whole number");
  await log.close();
  await run.close();

  expect(await pictures()).toEqual(["step-10-attention.png", "step-10.png"]);
  await symlink(join(folder, "config.json"), join(folder, "pictures", "step-2.png"));
  expect((await storedPictures(folder)).map(({ step, name, path }) => [step, name, basename(path)])).toEqual([
    [10, undefined, "step-10.png"],
    [10, "attention", "step-10-attention.png"],
  ]);
  await rm(join(folder, "pictures", "step-2.png"));
  expect(await grayOf("step-10.png")).toBe(12);
  expect(await grayOf("step-10-attention.png")).toBe(11);
  const events = (await readdir(folder)).find((name) => name.startsWith("events.out.tfevents"))!;
  const bytes = await readFile(join(folder, events));
  expect(bytes.includes(await readFile(join(folder, "pictures", "step-10.png")))).toBe(true);
  expect(bytes.includes(await readFile(join(folder, "pictures", "step-10-attention.png")))).toBe(true);
});

test("resuming removes the pictures that will come again", async () => {
  const first = await createRun(folder, {});
  const log = await first.log();
  for (const step of [1, 2, 3, 10]) await log.picture(step, filled(step));
  await log.picture(3, filled(3), "masks");
  await log.close();
  await first.close();
  await writeFile(join(folder, "pictures", `.new-step-11.png-${randomUUID()}`), "a killed process left it");
  await writeFile(join(folder, "pictures", "notes.txt"), "the user's");

  const second = await openRun(folder);
  await (await second.log()).close();
  expect(await pictures()).toEqual([
    "notes.txt",
    "step-1.png",
    "step-10.png",
    "step-2.png",
    "step-3-masks.png",
    "step-3.png",
  ]);
  await (await second.log({ resumeFrom: 2 })).close();
  expect(await pictures()).toEqual(["notes.txt", "step-1.png", "step-2.png"]);
  await second.close();
});

test("a run begins where nothing of an earlier one is left", async () => {
  const first = await createRun(folder, {});
  const log = await first.log();
  await log.append({ step: 1 });
  await log.picture(1, filled(1));
  await log.close();
  await first.close();
  await rm(join(folder, "config.json"));
  await expect(createRun(folder, {})).rejects.toThrow(
    /it holds SHA256SUMS, events\..*, metrics.jsonl, pictures of one without its/,
  );
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  await (await createRun(folder, {})).close();
});
