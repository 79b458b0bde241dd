import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Slow tests (`*.slow.ts`) run by `npm run test:slow`, the others by `npm test`. */
const slow = process.env.AUTODIDACT_SLOW === "1";

const inside = (folder: string) => readdirSync(new URL(folder, import.meta.url)).map((name) => `${folder}/${name}`);

/** One project a workspace package, so that one run gives one total. */
const projects = [...inside("./packages"), ...inside("./apps"), "./tools", "./benchmarks"].map((root) => ({
  extends: true as const,
  test: { root, name: root.slice(root.lastIndexOf("/") + 1) },
}));

export default defineConfig({
  test: {
    pool: "forks", // native addons
    maxWorkers: Math.max(2, availableParallelism() - 1), // of two processors both: much of a test waits for disks and children
    projects,
    include: [slow ? "**/*.slow.ts" : "**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    server: { deps: { external: [/\/dist\/.*\.m?js$/] } }, // built packages run as they are: one engine, nothing to transform
    silent: "passed-only",
    testTimeout: slow ? 1_800_000 : 240_000, // a crowded machine is no failure
    hookTimeout: 240_000,
  },
});
