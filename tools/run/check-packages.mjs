/** `npm run check`: what a user of the packages would trip over, and what nobody uses. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { turbo } from "./build.mjs";
import { root, run, runTool } from "./processes.mjs";

export async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), "autodidact-packages-"));
  try {
    const steps = [
      { name: "types", check: () => turbo("types") },
      { name: "knip", check: () => runTool("knip", []) },
      ...publicPackages().map((name) => ({ name, check: () => checkTarball(name, folder) })),
    ];
    let failed = 0;
    for (const { name, check } of steps) {
      const passed = (await check()) === 0;
      console.log(`${passed ? "✓" : "✗"} ${name}`);
      if (!passed) failed++;
    }
    return failed > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Folders below packages/ that are published. */
function publicPackages() {
  return readdirSync(join(root, "packages")).filter((name) => {
    const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
    return manifest.private !== true;
  });
}

/**
 * Packs as `pnpm publish` does; publint and arethetypeswrong look at the tarball, not at the sources.
 *
 * @param {string} name
 * @param {string} folder
 */
async function checkTarball(name, folder) {
  const tarball = join(folder, `${name}.tgz`);
  const packing = ["--dir", join("packages", name), "pack", "--out", tarball];
  return (
    (await run("pnpm", packing, { quiet: true })) ||
    (await runTool("publint", ["run", tarball, "--strict"])) ||
    (await runTool("attw", [tarball, "--profile", "esm-only", "--format", "ascii", "--quiet"]))
  );
}
