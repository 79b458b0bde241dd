/** `npm test` and `npm run test:slow`: every test of the repository, added up in one last line. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { testKernels } from "./kernels.mjs";
import { root, runTool } from "./processes.mjs";
import { cargoCounts, conformanceCounts, sum, totalsLine, vitestCounts } from "./totals.mjs";

/** @typedef {import("./totals.mjs").Counts} Counts */

const reports = join(root, "tools", ".cache", "reports");

/**
 * With arguments, runs only vitest with these arguments: `npm test -- packages/core`.
 *
 * @param {string[]} args
 */
export async function test(args) {
  const parts = args.length > 0 ? [() => vitest(args)] : [() => vitest([]), conformance, kernels];
  return addUp(parts);
}

/** @param {string[]} args */
export const testSlow = (args) => addUp([() => vitest(args, { AUTODIDACT_SLOW: "1" })]);

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

/** TensorFlow.js's suite, on the kernels and without them. */
async function conformance() {
  const report = fresh("conformance.json");
  const code = await runTool("tsx", ["tools/conformance/main.ts", "--backend", "onnx", "--json", report]);
  return conformanceCounts(read(report), code);
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
