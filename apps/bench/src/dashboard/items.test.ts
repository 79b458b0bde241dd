/** What points of a map show, of each modality. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, encodePng } from "@autodidact/core";
import { decodeSound } from "@autodidact/speech";
import { decodeImage } from "@autodidact/vision";
import { afterAll, beforeAll, expect, it } from "vitest";
import { imageItems } from "../images/items.js";
import { soundItems } from "../speech/items.js";
import { wavOf } from "../speech/wav-of.js";
import { textItems } from "../text/items.js";

let folder: string;
const at = (path: string) => join(folder, path);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "items-"));
  for (const name of ["images/red", "texts", "sounds"]) await mkdir(at(name), { recursive: true });
  const pixels = new Uint8Array(8 * 4 * 3).map((_, place) => (place % 3 === 0 ? 200 : 0));
  await writeFile(at("images/red/a.png"), encodePng({ pixels, height: 8, width: 4, channels: 3 }));
  await writeFile(at("images/red/broken.png"), "no image");
  await writeFile(at("texts/long.txt"), "word ".repeat(1000));
  await writeFile(at("texts/mails.jsonl"), '{"text":"first"}\n{"text":"second"}\n');
  const wave = Float32Array.from(createRandom(0).uniforms(16_000, -0.5, 0.5));
  await writeFile(at("sounds/a.wav"), wavOf(wave, 16_000));
});
afterAll(() => rm(folder, { recursive: true }));

it("images are small PNGs, whatever they were", async () => {
  const { has, item } = await imageItems(at("images"));
  expect([await has("red/a.png"), await has("../images/red/a.png")]).toEqual([true, false]);
  const shown = (await item("red/a.png")) as { type: string; bytes: Uint8Array };
  expect(shown.type).toBe("image/png");
  const { height, width, pixels } = await decodeImage("shown", shown.bytes);
  expect([height, width, pixels[0], pixels[1]]).toEqual([192, 192, 200, 0]);
  await expect(item("red/broken.png")).rejects.toThrow("broken.png");
  await expect(item("../../etc/passwd")).rejects.toThrow("is not in the data");
});

it("texts are their beginnings", async () => {
  const long = await textItems(at("texts/long.txt"));
  expect(await long.has("long.txt")).toBe(true);
  expect(((await long.item("long.txt")) as { text: string }).text).toHaveLength(401);
  expect(await (await textItems(at("texts/mails.jsonl"))).item("mails.jsonl:2")).toEqual({ text: "second" });
  await expect(long.item("../secret.txt")).rejects.toThrow("is not in the data");
});

it("recordings are WAV, as they sounded", async () => {
  const { has, item } = await soundItems(at("sounds"));
  expect(await has("a.wav")).toBe(true);
  const { type, bytes } = (await item("a.wav")) as { type: string; bytes: Uint8Array };
  expect(type).toBe("audio/wav");
  const { samples, sampleRate } = await decodeSound(bytes, { id: "a", sampleRate: 16_000 });
  const wanted = createRandom(0).uniforms(16_000, -0.5, 0.5);
  expect([samples.length, sampleRate]).toEqual([16_000, 16_000]);
  expect(Math.max(...samples.map((sample, place) => Math.abs(sample - wanted[place]!)))).toBeLessThan(1e-4);
});
