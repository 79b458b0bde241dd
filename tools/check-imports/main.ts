/** `npm run lint` runs this after Biome: fails when a source file of the repository breaks a rule of `check.ts`. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { violations } from "./check.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const skipped = new Set(["node_modules", "dist", ".cache", ".turbo", "target", "fixtures", "runs"]);

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(path);
    return /\.(ts|mts|js|mjs)$|^package\.json$/.test(entry.name) ? [path] : [];
  });
}

const paths = ["packages", "apps", "tools", "benchmarks"].flatMap(filesBelow);
const found = violations(paths.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") })));
for (const violation of found) console.error(violation);
console.log(`Imports: ${paths.length} files checked, ${found.length} violations.`);
process.exitCode = found.length > 0 ? 1 : 0;
