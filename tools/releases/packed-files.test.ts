/** What goes to npm: what tests need is there only where an export names it. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const ROOT = new URL("../../", import.meta.url);
const places = [...(await readdir(new URL("packages/", ROOT))).map((name) => `packages/${name}`), "apps/bench"];

it.each(places)("%s", { timeout: 90_000 }, async (place) => {
  const folder = fileURLToPath(new URL(`${place}/`, ROOT));
  const { exports } = JSON.parse(await readFile(`${folder}package.json`, "utf8"));
  const packing = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", packing, { cwd: folder, shell: process.platform === "win32" });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toContain("package.json");
  expect(paths.some((path) => path.startsWith("dist/testing/"))).toBe(Object.hasOwn(exports, "./testing"));
  expect(paths.filter((path) => /\.(test|slow)\.|^src\/|tsbuildinfo/.test(path))).toEqual([]);
});
