/**
 * A stranger's folder: nothing in it but what npm installs there from packed tarballs.
 *
 * Needs the packages built (`npm test` builds them) and the npm registry or its cache.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where each published package lies in the workspace, in the order of their arrows. */
const PLACES: Readonly<Record<string, string>> = {
  kernels: "packages/kernels",
  "tfjs-backend-onnx": "packages/tfjs-backend-onnx",
  core: "packages/core",
  vision: "packages/vision",
  text: "packages/text",
  speech: "packages/speech",
  evaluate: "packages/evaluate",
  dashboard: "packages/dashboard",
  "tfjs-node": "packages/tfjs-node",
  autodidact: "apps/bench",
};

export interface EmptyFolder {
  readonly folder: string;
  /** The path of a package's tarball. */
  tarball(name: string): string;
  /** Packs a package as the release does; `from` where it is no workspace package. */
  pack(name: string, from?: string): Promise<void>;
  /** `npm install` of tarballs, or of names that the registry has. */
  install(...what: string[]): Promise<string>;
  /** Standard output; on failure the error carries both streams. */
  run(command: string, args: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

export async function emptyFolder(): Promise<EmptyFolder> {
  const folder = await mkdtemp(join(tmpdir(), "autodidact-alone-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const tarball = (name: string) => join(folder, `${name}.tgz`);
  // onnxruntime-node's install script would download CUDA libraries, which nothing here uses.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };

  async function run(command: string, args: readonly string[]): Promise<string> {
    try {
      const options = { cwd: folder, env, shell: process.platform === "win32", maxBuffer: 2 ** 26 };
      return (await promisify(execFile)(command, args, options)).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${command} ${args.join(" ")} failed in ${folder}:\n${stdout}\n${stderr}`);
    }
  }
  return {
    folder,
    tarball,
    run,
    async pack(name, from = join(root, PLACES[name] ?? "")) {
      await run("pnpm", ["--dir", from, "pack", "--out", tarball(name)]);
    },
    install: (...what) => run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...what]),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
