/** `npm run check`: what a user of the packages would trip over, and what nobody uses. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { turbo } from "./build.mjs";
import { root, run, runTool } from "./processes.mjs";

export async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), "autodidact-packages-"));
  try {
    const steps = [
      { name: "types", check: () => turbo("types") },
      { name: "knip", check: () => runTool("knip", []) },
      ...publicPackages().map((place) => ({ name: place, check: () => checkTarball(place, folder) })),
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

/** Folders below packages/ and apps/ that are published. */
function publicPackages() {
  const places = ["packages", "apps"].flatMap((room) => readdirSync(join(root, room)).map((name) => join(room, name)));
  return places.filter((place) => manifestOf(place).private !== true);
}

/** @param {string} place */
const manifestOf = (place) => JSON.parse(readFileSync(join(root, place, "package.json"), "utf8"));

/**
 * Packs as `pnpm publish` does; publint and arethetypeswrong look at the tarball, not at the sources. A command has no types.
 *
 * @param {string} place
 * @param {string} folder
 */
async function checkTarball(place, folder) {
  const tarball = join(folder, `${basename(place)}.tgz`);
  const packing = ["--dir", place, "pack", "--out", tarball];
  const isLibrary = "." in (manifestOf(place).exports ?? {});
  return (
    (await run("pnpm", packing, { quiet: true })) ||
    (await runTool("publint", ["run", tarball, "--strict"])) ||
    (isLibrary ? runTool("attw", [tarball, "--profile", "esm-only", "--format", "ascii", "--quiet"]) : 0)
  );
}
