/**
 * `npm run conformance -- [--suite core|layers|data] --backend onnx [--kernels on|off] [--interpret] [--filter REGEX] [--json FILE] [--list-failures] [--verbose]`
 *
 * Runs TensorFlow.js's own test suite on a backend. No test is left out; the skipped ones are those that upstream marks `xit`.
 */
import { parseArgs } from "node:util";
import { backendNames, loadBackend } from "./backends.js";
import { shortfalls } from "./bar.js";
import { runBoth } from "./both.js";
import { bundleSuite } from "./bundle.js";
import { count, lastLine, listFailures, listSlowest, writeRecord } from "./report.js";
import { runSuite } from "./run-suite.js";
import { openSuite, suiteNames } from "./suites.js";

const help = `Runs a test suite of TensorFlow.js on a backend.

  --backend NAME     ${backendNames.join(", ")} (default onnx)
  --kernels on|off   whether onnx computes by its kernels (default: both, one after the other)
  --interpret      onnx leaves small graphs to the CPU backend's kernels, as it does unless told; the suite tests its graphs without
  --suite NAME       ${suiteNames.join(", ")} (default core). A failure of layers and data is one that backend cpu does not have
  --sources FOLDER   a checkout of TensorFlow.js, whose tests of layers and data are run (default: fetched by npm, once)
  --filter REGEX     only tests whose full name begins so: "conv2d", "matmul|dot"
  --files REGEX      only tests of files whose name begins so: "layers/recurrent"
  --json FILE        write counts and failures there
  --list-failures    every failing test with the first line of its message, by test file
  --verbose          name each test before it runs (find the one that crashes) and show what the tests print

The last line is "N passed, N failed, N skipped"; the exit code is 1 below the bar of bar.ts.`;

const { values } = parseArgs({
  options: {
    backend: { type: "string", default: "onnx" },
    kernels: { type: "string" },
    interpret: { type: "boolean", default: false },
    suite: { type: "string", default: "core" },
    sources: { type: "string" },
    filter: { type: "string" },
    files: { type: "string" },
    json: { type: "string" },
    "list-failures": { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  process.stdout.write(`${help}\n`);
  process.exit(0);
}

const say = (line: string) => process.stdout.write(`${line}\n`);

const { backend, kernels } = values;
const suite = suiteNames.find((name) => name === values.suite);
if (suite === undefined)
  throw new Error(`conformance: --suite must be one of ${suiteNames.join(", ")}, got ${values.suite}.`);
if (kernels !== undefined && kernels !== "on" && kernels !== "off") {
  throw new Error(`conformance: --kernels must be on or off, got ${kernels}.`);
}
if (backend === "onnx" && kernels === undefined) {
  process.exit(await runBoth(process.argv.slice(2), { say, json: values.json, suite }));
}
await loadBackend(backend, { kernels: kernels === "on", interpret: values.interpret });
if (!values.verbose) for (const level of ["log", "info", "warn", "error"] as const) console[level] = () => {};
const kernelsSaid = kernels === undefined ? "" : `, kernels ${kernels}`;
say(`TensorFlow.js test suite ${suite} on backend ${backend}${kernelsSaid}`);

const started = performance.now();
let ran = 0;
const results = await runSuite(await bundleSuite(await openSuite(suite, values.sources)), {
  backend,
  ...(values.filter !== undefined && { filter: new RegExp(`^(?:${values.filter})`) }),
  ...(values.files !== undefined && { files: new RegExp(`^(?:${values.files})`) }),
  ...(values.verbose && { onStart: say }),
  onDone: () => {
    ran++;
    if (ran % 1000 === 0) say(`  ${ran} tests, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  },
});
const seconds = (performance.now() - started) / 1000;

const short = shortfalls(suite, backend, results, values.filter === undefined && values.files === undefined);
if (values["list-failures"] || short.length > 0) say(listFailures(results));
say(`${seconds.toFixed(1)} s; slowest: ${listSlowest(results)}`);
if (values.json !== undefined) await writeRecord(values.json, backend, seconds, results);
for (const line of short) say(line);
say(lastLine(count(results)));
process.exit(short.length > 0 ? 1 : 0);
