/** `npm test` and `npm run test:slow`: every test of the repository, added up in one last line. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { testKernels } from "./kernels.mjs";
import { root, runTool } from "./processes.mjs";
import { cargoCounts, conformanceCounts, sum, totalsLine, vitestCounts } from "./totals.mjs";

/** @typedef {import("./totals.mjs").Counts} Counts */

const reports = join(root, "tools", ".cache", "reports");

/** Test files of the layers library that take seconds. */
const FAST_LAYERS = "layers/(core|merge|normalization|pooling)|activations|losses|metrics|optimizers";

/**
 * With arguments, runs only vitest with these arguments: `npm test -- packages/core`.
 *
 * @param {string[]} args
 */
export async function test(args) {
  const parts =
    args.length > 0
      ? [() => vitest(args)]
      : [() => vitest([]), () => conformance("core"), ...librariesAtHand(), kernels];
  return addUp(parts);
}

/** @param {string[]} args */
export const testSlow = (args) =>
  addUp([
    () => vitest(args, { AUTODIDACT_SLOW: "1" }),
    ...(args.length > 0 ? [] : [() => conformance("layers"), () => conformance("data")]),
  ]);

/** @param {(() => Promise<Counts>)[]} parts */
async function addUp(parts) {
  mkdirSync(reports, { recursive: true });
  const counts = [];
  for (const part of parts) counts.push(await part());
  const total = sum(counts);
  console.log(totalsLine(total));
  return total.failed > 0 ? 1 : 0;
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
async function vitest(args, env = {}) {
  const report = fresh("vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runTool("vitest", ["run", "--passWithNoTests", ...reporters, ...args], { env });
  return vitestCounts(read(report), code);
}

/**
 * A suite of TensorFlow.js, on the kernels and without them.
 *
 * @param {"core" | "layers" | "data"} suite
 * @param {string[]} [chosen]
 */
async function conformance(suite, chosen = []) {
  const report = fresh(`conformance-${suite}.json`);
  const options = ["--suite", suite, "--backend", "onnx", "--json", report, ...chosen];
  const code = await runTool("tsx", ["tools/conformance/main.ts", ...options]);
  return conformanceCounts(read(report), code);
}

/** A part of the suites of layers and data, where their sources were fetched: `npm run test:slow` and `npm run conformance` do. */
function librariesAtHand() {
  const { version } = JSON.parse(
    readFileSync(join(root, "tools/node_modules/@tensorflow/tfjs-core/package.json"), "utf8"),
  );
  if (!existsSync(join(root, "tools", ".cache", `tensorflow-js-${version}`))) {
    console.log(
      "TensorFlow.js's tests of layers and data are not run: npm run conformance -- --suite data fetches them.",
    );
    return [];
  }
  return [() => conformance("layers", ["--files", FAST_LAYERS]), () => conformance("data")];
}

/** The tests of the Rust kernels, where cargo is. */
async function kernels() {
  const tested = await testKernels();
  return tested ? cargoCounts(tested.text, tested.code) : { passed: 0, failed: 0 };
}

/** @param {string} name */
function fresh(name) {
  const path = join(reports, name);
  rmSync(path, { force: true });
  return path;
}

/** @param {string} path */
const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
