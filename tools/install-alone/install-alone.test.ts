/**
 * What a stranger gets from npm: the packed tarballs of the engine, core and vision, installed by npm into an empty folder, train
 * three steps there by their public API.
 *
 * Needs the packages built (`npm test` builds them) and the npm registry or its cache.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const packages = ["tfjs-backend-onnx", "core", "vision"];
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-alone-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the packed packages install by npm into an empty folder and train there", { timeout: 240_000 }, async () => {
  const tarballs = packages.map((name) => join(folder, `${name}.tgz`));
  for (const [i, name] of packages.entries()) {
    await run("pnpm", ["--dir", join(root, "packages", name), "pack", "--out", tarballs[i] as string], folder);
  }
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const quietly = ["--no-audit", "--no-fund", "--prefer-offline"];
  await run("npm", ["install", ...quietly, "@tensorflow/tfjs-core@4.22.0", ...tarballs], folder);

  await copyFile(join(here, "train-three-steps.mjs"), join(folder, "train.mjs"));
  const output = await run("node", ["train.mjs"], folder);

  const losses = JSON.parse(output.trim().split("\n").at(-1) ?? "") as number[];
  expect(losses).toHaveLength(3);
  // Eight images, two views: between perfect agreement and chance, −log(1/15) = 2.71, with room for an untrained encoder.
  for (const loss of losses) expect(loss).toBeGreaterThan(0);
  for (const loss of losses) expect(loss).toBeLessThan(20);
  expect(new Set(losses).size).toBe(3);
});

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
