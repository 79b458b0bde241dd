/**
 * What a stranger gets from npm: the packed tarballs of the kernels, the engine, core, vision and text, installed by npm into an empty
 * folder, train three steps there by their public API; without the kernels' library for this platform, then with it.
 *
 * Needs the packages built (`npm test` builds them) and the npm registry or its cache.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const packages = ["kernels", "tfjs-backend-onnx", "core", "vision", "text"];
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");

interface Trained {
  readonly losses: readonly number[];
  readonly kernels: Record<string, string>;
}

let folder: string;
let platformPackages: {
  stage(folder: string): string;
  withPlatformPackages(loader: object, platforms: object[]): object;
};
let note: { absent?: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-alone-"));
  const kernels = join(root, "packages", "kernels");
  platformPackages = await import(pathToFileURL(join(kernels, "platform-packages.mjs")).href);
  note = JSON.parse(await readFile(join(kernels, "dist", "native", "kernels.json"), "utf8"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the packed packages install by npm into an empty folder and train there", { timeout: 240_000 }, async () => {
  for (const name of packages) await pack(name);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await npmInstall("@tensorflow/tfjs-core@4.22.0", ...packages.map(tarball));
  for (const script of ["train-images.mjs", "train-text.mjs"]) await copyFile(join(here, script), join(folder, script));

  const { losses, kernels } = await train("train-images.mjs");
  expectLearning(losses);
  expectLearning((await train("train-text.mjs")).losses);
  expect(kernels.remedy ?? kernels.absent).toMatch(/npm install @autodidact\/kernels|no package for/);
});

test("with the platform's package they train by the kernels", { timeout: 240_000 }, async (context) => {
  context.skip(note.absent !== undefined, `the kernels were not built: ${note.absent}`);
  await pack("platform");
  await publishedLoader();
  await npmInstall(tarball("kernels"), tarball("platform"));

  const { losses, kernels } = await train("train-images.mjs");
  expectLearning(losses);
  expect(kernels).toMatchObject({
    from: `@autodidact/kernels-${process.platform}-${process.arch}`,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    instructions: expect.stringMatching(/avx|neon|plain/),
  });
  expect(await readdir(join(folder, "node_modules/@autodidact"))).toContain(
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

const tarball = (name: string) => join(folder, `${name}.tgz`);

/** "platform" is made from the library that was built here, as the release does. */
async function pack(name: string): Promise<void> {
  const from = name === "platform" ? platformPackages.stage(join(folder, "staged")) : join(root, "packages", name);
  await run("pnpm", ["--dir", from, "pack", "--out", tarball(name)], folder);
}

/** The loader's tarball again, depending on this platform's package as the published one does. */
async function publishedLoader(): Promise<void> {
  await run("tar", ["-xzf", tarball("kernels")], folder); // into package/
  const place = join(folder, "package", "package.json");
  const platform = { os: process.platform, cpu: process.arch };
  const manifest = platformPackages.withPlatformPackages(JSON.parse(await readFile(place, "utf8")), [platform]);
  await writeFile(place, JSON.stringify(manifest));
  await run("pnpm", ["--dir", join(folder, "package"), "pack", "--out", tarball("kernels")], folder);
}

const npmInstall = (...what: string[]) =>
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...what], folder);

async function train(script: string): Promise<Trained> {
  const output = await run("node", [script], folder);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Trained;
}

/** Standard output; on failure the error carries both streams. */
async function run(command: string, args: string[], cwd: string): Promise<string> {
  // onnxruntime-node's install script would download CUDA libraries, which nothing here uses.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  try {
    return (await promisify(execFile)(command, args, { cwd, env, shell: process.platform === "win32" })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")} failed in ${cwd}:\n${stdout}\n${stderr}`);
  }
}
