/**
 * Single bits flipped in every file of a run: each is found and named, or does no harm; none is used in silence.
 */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createRandom, encodeSafetensors, latestCheckpoint, readMetrics, readRun, runState } from "@autodidact/core";
import { loadTextEncoder, openCorpus, readTokenizer } from "@autodidact/text";
import { loadImageEncoder, readPreprocessing } from "@autodidact/vision";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./run-cli.js";
import { smallRuns } from "./small-runs.js";
import { writeReports } from "./small-texts.js";
import { writeStripes } from "./stripes.js";

const FLIPS = 120; // of each kind

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flips-"));
  await writeStripes(join(folder, "stripes"));
  await writeReports(join(folder, "reports"));
});
afterAll(() => rm(folder, { recursive: true }));

/** All that is read from a run, and what was said of it meanwhile. */
interface Readings {
  /** Equal where the same was read. */
  readonly values: readonly string[];
  readonly told: readonly string[];
}

async function readAll(run: string, kind: string): Promise<Readings> {
  const told: string[] = [];
  const { config, configHash } = await readRun(run);
  const { checkpoint, damaged } = await latestCheckpoint(join(run, "checkpoints"));
  told.push(...damaged.map(({ path, reason }) => `${path} ${reason}`));
  const hash = createHash("sha256").update(JSON.stringify([checkpoint!.step, checkpoint!.state]));
  for (const tensors of Object.values(checkpoint!.tensors)) {
    for (const piece of encodeSafetensors(tensors)) hash.update(piece);
  }
  const metrics = await readMetrics(run, { onDamaged: ({ number }) => told.push(`metrics.jsonl ${number}`) });
  const measured = metrics.map(({ step, loss, gradientNorm }) => [step, loss, gradientNorm]);
  const values: unknown[] = [config, configHash, hash.digest("hex"), measured, (await runState(run)).state];
  values.push(...(kind === "images" ? await readImages(run) : await readTexts(run)));
  return { values: values.map((value) => JSON.stringify(value)), told };
}

async function readImages(run: string): Promise<unknown[]> {
  const { weights, preprocessing } = await loadImageEncoder(run);
  return [weights, preprocessing, await readPreprocessing(run)];
}

async function readTexts(run: string): Promise<unknown[]> {
  const { weights, model, tokenizer } = await loadTextEncoder(run);
  const { train, validation } = await openCorpus(join(run, "tokens"));
  const tokens = [await train.read(0, train.tokens), await validation.read(0, validation.tokens)].map((ids) => [
    ...ids,
  ]);
  const counts = [train.bytes, validation.bytes, [...train.documentStarts], [...train.sentenceStarts]];
  await Promise.all([train.close(), validation.close()]);
  const files = [tokenizer.files, (await readTokenizer(join(run, "encoder"))).files];
  return [weights, model.config, files, tokens, counts];
}

/** Every file below a folder but TensorBoard's, which carry checksums of their own and are read by TensorBoard alone. */
async function filesOf(run: string): Promise<string[]> {
  const entries = await readdir(run, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("events.out"));
  return files.map(({ parentPath, name }) => join(parentPath, name)).sort();
}

async function flipBits(run: string, kind: string): Promise<string> {
  const before = await readAll(run, kind);
  expect(before.told).toEqual([]);
  const files = await filesOf(run);
  const random = createRandom(5).split(kind);
  const counts = { refused: 0, told: 0, harmless: 0 };
  for (let flip = 0; flip < FLIPS; flip += 1) {
    const path = files[flip % files.length]!;
    const whole = await readFile(path);
    if (whole.length === 0) continue;
    const bytes = Buffer.from(whole);
    bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
    await writeFile(path, bytes);
    const found = await readAll(run, kind).catch((error: Error) => error);
    await writeFile(path, whole);
    const [file, sums] = [basename(path), "SHA256SUMS"];
    if (found instanceof Error) {
      // A flip in a list of checksums speaks of the file that it lists.
      expect(found.message).toMatch(file === sums ? /SHA256SUMS|is damaged|cannot be read/ : file);
      counts.refused += 1;
    } else if (found.told.length > 0) {
      expect(found.told.join("\n")).toMatch(file === sums ? /damaged|cannot be read/ : file);
      counts.told += 1;
    } else {
      expect([path, found.values]).toEqual([path, before.values]); // never another value without a word
      counts.harmless += 1;
    }
  }
  return `${kind}: ${FLIPS} flips over ${files.length} files: ${counts.refused} refused, ${counts.told} told, ${counts.harmless} harmless`;
}

test("a flipped bit in any file of a run is found and named, or does no harm", async () => {
  for (const { name, begin } of smallRuns(join(folder, "stripes"), join(folder, "reports"), 6)) {
    const run = join(folder, name);
    expect((await runCli(["pretrain", ...begin, "--out", run], folder)).code).toBe(0);
    process.stdout.write(`${await flipBits(run, name)}\n`);
  }
});
