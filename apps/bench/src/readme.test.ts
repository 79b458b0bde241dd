/** What the READMEs promise in about twenty lines is run as it stands, with paths of small data in place of the reader's. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { runHere } from "./testing/run-here.js";
import { writeOpinions, writeReports } from "./testing/small-texts.js";
import { writeStripes } from "./testing/stripes.js";

/** Below it the packages are found. */
const scripts = fileURLToPath(new URL("../node_modules/.cache/readme/", import.meta.url));
const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await mkdir(scripts, { recursive: true });
  await writeStripes(at("stripes"));
  await writeReports(at("reports"));
  await writeOpinions(at("opinions"));
  const pretrain = async (...args: string[]) => {
    const { error, errors } = await runHere(["pretrain", ...args, "--batch-size", "4", "--steps", "5", ...engine]);
    if (error !== undefined) throw new Error(errors, { cause: error });
  };
  const small = ["--layers", "1", "--heads", "2", "--width", "8", "--context", "24"];
  await pretrain("simclr", "--data", at("stripes"), "--out", at("images"), "--width", "2");
  await pretrain("masked-lm", "--data", at("reports"), "--out", at("masked"), ...small);
  await pretrain("next-token", "--data", at("reports"), "--out", at("next"), ...small);
});
afterAll(() => Promise.all([rm(folder, { recursive: true }), rm(scripts, { recursive: true })]));

/** The lines that a README's blocks of JavaScript print, block after block. */
async function printed(readme: string, replaced: Readonly<Record<string, string>>): Promise<unknown[][][]> {
  const text = await readFile(new URL(`../../../packages/${readme}/README.md`, import.meta.url), "utf8");
  const blocks = [...text.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code!);
  const lines: unknown[][][] = [];
  for (const [place, block] of blocks.entries()) {
    const code = Object.entries(replaced).reduce((code, [from, to]) => code.replaceAll(from, to), block);
    const script = join(scripts, `${readme}-${place}.mjs`);
    await writeFile(script, code);
    const spy = vi.spyOn(console, "log").mockImplementation(() => {});
    await import(/* @vite-ignore */ pathToFileURL(script).href);
    lines.push(spy.mock.calls);
    spy.mockRestore();
  }
  return lines;
}

it("evaluate: an encoder of images and one of text beside what they must beat", async () => {
  const [images, text] = await printed("evaluate", {
    ...{
      "runs/simclr-photos": at("images"),
      "labelled-photos": at("stripes"),
      "labelsPerClass: 10": "labelsPerClass: 4",
    },
    ...{ "runs/masked-lm-notes": at("masked"), sst2: at("opinions") },
  });
  expect(images!.map(([value]) => typeof value)).toEqual(["number", "number", "object"]);
  const [encoder, words, random] = text![0] as number[];
  expect(words).toBe(1); // lovely or awful
  expect(Math.max(encoder!, random!)).toBeLessThanOrEqual(1);
});

it("vision: features of a folder", async () => {
  const [rows] = await printed("vision", {
    "runs/simclr-photos": at("images"),
    '"photos"': JSON.stringify(at("stripes/train")),
  });
  const [ids, values] = rows![0] as [string[], Float32Array];
  expect([ids.length, values.length]).toEqual([36, 36 * 16]);
});

it("text: a model's perplexity, what it writes, and its fine-tuning", async () => {
  const [lines] = await printed("text", {
    ...{ "runs/next-token-notes": at("next"), sst2: at("opinions"), "labelsPerClass: 100": "labelsPerClass: 4" },
  });
  expect(lines![0]!.every((loss) => typeof loss === "number")).toBe(true);
  expect(lines!.slice(-4).map(([contender, seed]) => `${contender} ${seed}`)).toEqual([
    ...["pretrained 0", "from scratch 0", "pretrained 1", "from scratch 1"],
  ]);
});
