/**
 * What stands behind the root npm scripts: on a bare clone, with nothing but Node and npm, installs, builds, then runs the task.
 *
 * Plain JavaScript without dependencies, because it runs before anything is installed.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build, everything } from "./run/build.mjs";
import { checkPackages } from "./run/check-packages.mjs";
import { install } from "./run/install.mjs";
import { lintKernels } from "./run/kernels.mjs";
import { leaveSignalsToChildren, root, run, runTool } from "./run/processes.mjs";
import { test, testSlow } from "./run/test.mjs";

const colours = process.stdout.isTTY ? [] : ["--colors=off"]; // Biome heeds no NO_COLOR

/**
 * @typedef {object} Task
 * @property {string[] | undefined} builds the packages it needs, with all that they import; undefined where it reads sources only
 * @property {(args: string[]) => Promise<number>} start resolves to the exit code
 */

/** @type {Record<string, Task>} */
const tasks = {
  quickstart: {
    builds: ["autodidact"],
    start: (args) => run("node", ["apps/bench/bin/autodidact.mjs", "quickstart", ...args]),
  },
  test: { builds: everything, start: test },
  "test:slow": { builds: everything, start: testSlow },
  conformance: {
    builds: ["@autodidact/tfjs-backend-onnx"],
    start: (args) => runTool("tsx", ["tools/conformance/main.ts", ...args]),
  },
  bench: {
    builds: ["@autodidact/benchmarks"],
    start: (args) => runTool("tsx", ["benchmarks/run.ts", ...args]),
  },
  lint: {
    builds: undefined,
    start: async () =>
      (await runTool("biome", ["ci", "--error-on-warnings", ...colours, "."])) ||
      (await runTool("tsx", ["tools/check-imports/main.ts"])) ||
      (await lintKernels()),
  },
  check: { builds: everything, start: checkPackages },
};

const [name = "", ...args] = process.argv.slice(2);
const task = tasks[name];
if (task === undefined) {
  console.error(`run: the task must be one of ${Object.keys(tasks).join(", ")}, got ${name || "none"}.`);
  process.exit(2);
}
if (!existsSync(join(root, "pnpm-lock.yaml"))) {
  console.error(`run: pnpm-lock.yaml must stand in ${root}; is the clone whole?`);
  process.exit(2);
}

leaveSignalsToChildren();
try {
  await install();
  if (task.builds !== undefined) await build(task.builds);
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  if (name.startsWith("test")) console.log("0 passed, 1 failed");
  process.exit(1);
}
process.exit(await task.start(args));
