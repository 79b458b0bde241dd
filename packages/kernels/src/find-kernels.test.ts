/** The built loader as npm would install it, in folders made for the purpose. */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { findKernels as FindKernels } from "./find-kernels.js";

const here = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8")) as { version: string };
const platform = `${process.platform}-${process.arch}`;
const library = Buffer.from("a library");
const sha256 = createHash("sha256").update(library).digest("hex");

let folder: string;
let loader: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "autodidact-kernels-"));
  loader = join(folder, "node_modules", "@autodidact", "kernels");
  cpSync(join(here, "dist"), join(loader, "dist"), { recursive: true, filter: (path) => !path.includes("native") });
  cpSync(join(here, "package.json"), join(loader, "package.json"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function find() {
  const module = pathToFileURL(join(loader, "dist", "index.js")).href;
  return ((await import(module)) as { findKernels: typeof FindKernels }).findKernels();
}

function installPlatformPackage(note: object | string, bytes = library): string {
  const installed = `${loader}-${platform}`;
  mkdirSync(installed);
  writeFileSync(join(installed, "package.json"), "{}");
  writeFileSync(join(installed, "kernels.json"), typeof note === "string" ? note : JSON.stringify(note));
  writeFileSync(join(installed, "library"), bytes);
  return installed;
}

function makeClone(note: object): string {
  const build = join(loader, "dist", "native");
  mkdirSync(join(loader, "native"));
  mkdirSync(build);
  writeFileSync(join(loader, "native", "Cargo.toml"), "");
  writeFileSync(join(build, "kernels.json"), JSON.stringify(note));
  writeFileSync(join(build, "library"), library);
  return build;
}

test("the platform package comes before a clone's build", async () => {
  const build = makeClone({ version, file: "library", sha256 });
  expect(await find()).toEqual({ path: join(build, "library"), from: "this clone", version });
  const installed = installPlatformPackage({ version, file: "library", sha256 });
  const from = `@autodidact/kernels-${platform}`;
  expect(await find()).toEqual({ path: join(installed, "library"), from, version });
});

test("where there is none, it says why and what to do", async () => {
  expect(await find()).toMatchObject(
    ["linux-x64", "linux-arm64", "darwin-arm64", "win32-x64"].includes(platform)
      ? { absent: `@autodidact/kernels-${platform} is not installed`, remedy: expect.stringContaining("npm install") }
      : { absent: expect.stringContaining(`no package for ${platform}`) },
  );
  makeClone({ absent: "cargo is not on this machine" });
  expect(await find()).toMatchObject({
    absent: "cargo is not on this machine",
    remedy: expect.stringContaining("pnpm --filter @autodidact/kernels build"),
  });
});

test("a package of another version is refused", async () => {
  installPlatformPackage({ version: "99.0.0", file: "library", sha256 });
  await expect(find()).rejects.toThrow(
    `must be of version ${version}, as @autodidact/kernels is, got 99.0.0. ` +
      `Run: npm install @autodidact/kernels-${platform}@${version}, or train without them`,
  );
});

test("a changed bit, a missing note and a note that cannot be read are refused", async () => {
  const installed = installPlatformPackage({ version, file: "library", sha256 }, Buffer.from("A library"));
  await expect(find()).rejects.toThrow("library is damaged: its SHA-256");
  writeFileSync(join(installed, "kernels.json"), "{");
  await expect(find()).rejects.toThrow("must hold kernels.json");
  rmSync(join(installed, "kernels.json"));
  await expect(find()).rejects.toThrow("must hold kernels.json");
});
