/**
 * What a stranger gets from npm: the packed tarballs of the kernels, the engine, core, vision and text, installed by npm into an empty
 * folder, train three steps there by their public API; without the kernels' library for this platform, then with it.
 */
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmptyFolder, emptyFolder, root } from "./empty-folder.js";

const packages = ["kernels", "tfjs-backend-onnx", "core", "vision", "text"];

interface Trained {
  readonly losses: readonly number[];
  readonly kernels: Record<string, string>;
}

let place: EmptyFolder;
let platformPackages: {
  stage(folder: string): string;
  withPlatformPackages(loader: object, platforms: object[]): object;
};
let note: { absent?: string };

beforeAll(async () => {
  place = await emptyFolder();
  const kernels = join(root, "packages", "kernels");
  platformPackages = await import(pathToFileURL(join(kernels, "platform-packages.mjs")).href);
  note = JSON.parse(await readFile(join(kernels, "dist", "native", "kernels.json"), "utf8"));
});
afterAll(() => place.remove());

test("the packed packages install by npm into an empty folder and train there", { timeout: 240_000 }, async () => {
  for (const name of packages) await place.pack(name);
  await place.install("@tensorflow/tfjs-core@4.22.0", ...packages.map(place.tarball));
  for (const script of ["train-images.mjs", "train-text.mjs"]) {
    await copyFile(join(root, "tools", "install-alone", script), join(place.folder, script));
  }

  const { losses, kernels } = await train("train-images.mjs");
  expectLearning(losses);
  expectLearning((await train("train-text.mjs")).losses);
  expect(kernels.remedy ?? kernels.absent).toMatch(/npm install @autodidact\/kernels|no package for/);
});

test("with the platform's package they train by the kernels", { timeout: 240_000 }, async (context) => {
  context.skip(note.absent !== undefined, `the kernels were not built: ${note.absent}`);
  await place.pack("platform", platformPackages.stage(join(place.folder, "staged")));
  await publishedLoader();
  await place.install(place.tarball("kernels"), place.tarball("platform"));

  const { losses, kernels } = await train("train-images.mjs");
  expectLearning(losses);
  expect(kernels).toMatchObject({
    from: `@autodidact/kernels-${process.platform}-${process.arch}`,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    instructions: expect.stringMatching(/avx|neon|plain/),
  });
  expect(await readdir(join(place.folder, "node_modules/@autodidact"))).toContain(
    `kernels-${process.platform}-${process.arch}`,
  );
});

/** Chance is −log(1/15) = 2.71 with two views of eight images, about log(40) = 3.7 with words: room for a model that is untrained. */
function expectLearning(losses: readonly number[]): void {
  expect(losses).toHaveLength(3);
  for (const loss of losses) expect(loss).toBeGreaterThan(0);
  for (const loss of losses) expect(loss).toBeLessThan(20);
  expect(new Set(losses).size).toBe(3);
}

/** The loader's tarball again, depending on this platform's package as the published one does. */
async function publishedLoader(): Promise<void> {
  await place.run("tar", ["-xzf", place.tarball("kernels")]); // into package/
  const path = join(place.folder, "package", "package.json");
  const platform = { os: process.platform, cpu: process.arch };
  const manifest = platformPackages.withPlatformPackages(JSON.parse(await readFile(path, "utf8")), [platform]);
  await writeFile(path, JSON.stringify(manifest));
  await place.pack("kernels", join(place.folder, "package"));
}

async function train(script: string): Promise<Trained> {
  const output = await place.run("node", [script]);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Trained;
}
