/** Finds pnpm in the pinned version and installs the workspace when the lockfile asks for it. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root, run } from "./processes.mjs";

/** Holds the digest of what was installed last. */
const stamp = join(root, "node_modules", ".installed");

export async function install() {
  await putPnpmOnPath();
  const wanted = digest(root);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;

  console.log("Installing dependencies …");
  // CI: pnpm must not ask whether it may replace a node_modules of another layout.
  const code = await run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only"], {
    env: { CI: "true" },
  });
  if (code !== 0) throw new Error("install: pnpm could not install the packages; see its message above.");
  writeFileSync(stamp, wanted);
}

/**
 * What an installation depends on: the lockfile and the settings of the workspace.
 *
 * @param {string} folder
 */
export function digest(folder) {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"]) {
    hash.update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex");
}

/** Turbo and the package scripts call `pnpm` by name, so the right one has to be found first on the path. */
async function putPnpmOnPath() {
  const version = pinnedVersion(readFileSync(join(root, "package.json"), "utf8"));
  if ((await output("pnpm", ["--version"])) === version) return;

  // npx keeps the package in npm's cache and puts its folder first on the path of what it runs.
  const path = await output("npx", ["--yes", `--package=pnpm@${version}`, "--", "node", "-p", "process.env.PATH"]);
  const folder = path.split(delimiter).find((entry) => existsSync(join(entry, "pnpm")));
  if (folder === undefined)
    throw new Error(`install: npx could not bring pnpm ${version}. Is the npm registry reachable?`);
  process.env.PATH = `${folder}${delimiter}${process.env.PATH}`;
}

/** @param {string} manifest text of the root package.json */
export function pinnedVersion(manifest) {
  const { packageManager } = JSON.parse(manifest);
  const version = /^pnpm@(\d+\.\d+\.\d+)/.exec(packageManager ?? "")?.[1];
  if (version === undefined) throw new Error(`install: packageManager must be pnpm@X.Y.Z, got ${packageManager}.`);
  return version;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string>} its standard output, trimmed; empty when it failed
 */
async function output(command, args) {
  let text = "";
  const code = await run(command, args, { quiet: true, onOutput: (chunk) => (text += chunk) });
  return code === 0 ? text.trim() : "";
}
