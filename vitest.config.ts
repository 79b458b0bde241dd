import { defineConfig } from "vitest/config";

/** One project a workspace package, so that one run gives one total. Slow tests (`*.slow.ts`) run by `npm run test:slow`. */
const slow = process.env["AUTODIDACT_SLOW"] === "1";

export default defineConfig({
  test: {
    pool: "forks",
    projects: ["packages/*", "apps/*", "tools", "benchmarks"].map((root) => root),
    include: [slow ? "**/*.slow.ts" : "**/*.test.ts"],
    testTimeout: 60_000,
  },
});
