/** Runs the bundled suite under jasmine on a backend that is loaded already, and collects what every test came to. */
import { engine } from "@tensorflow/tfjs-core";
import Jasmine from "jasmine";
import { currentFile, type SuiteBundle } from "./bundle.js";

export interface TestResult {
  /** Suite, backend, flags, test: `abs onnx {} basic`. */
  name: string;
  /** The test file inside its library, without `_test.js`: `ops/abs`. */
  file: string;
  status: "passed" | "failed" | "skipped";
  /** Why it failed. */
  message?: string;
  milliseconds: number;
}

export interface RunOptions {
  backend: string;
  /** Only tests whose full name begins with a match run. */
  filter?: RegExp;
  /** Only tests in files whose name begins with a match run. */
  files?: RegExp;
  /** Called before a test runs: names the culprit when native code brings the process down. */
  onStart?(name: string): void;
  /** Called after each test that ran. */
  onDone?(result: TestResult): void;
}

/** Upstream's limit for one test; see jasmine_util.ts of tfjs-core. */
const timeoutMs = 20_000;

export async function runSuite(bundle: SuiteBundle, options: RunOptions): Promise<TestResult[]> {
  const { backend, filter, files, onStart, onDone } = options;
  const runner = new Jasmine(); // defines describe, it, expect
  const fileOfSpec = rememberFiles();

  const setup = await import(bundle.setup.href);
  if (setup.engine() !== engine()) {
    throw new Error("conformance: the bundled tests and the backend must share one TensorFlow.js engine, found two.");
  }
  setup.setTestEnvs([{ name: backend, backendName: backend, isDataSync: true, flags: {} }]);
  await import(bundle.tests.href);
  Error.stackTraceLimit = 10; // the suite sets it to Infinity

  const results: TestResult[] = [];
  const record = (result: TestResult) => {
    results.push(result);
    onDone?.(result);
  };
  const recordOutside = (name: string, failures: { message: string }[]) => {
    for (const { message } of failures) record({ name, file: "", status: "failed", message, milliseconds: 0 });
  };

  runner.jasmine.DEFAULT_TIMEOUT_INTERVAL = timeoutMs;
  runner.exitOnCompletion = false;
  runner.clearReporters();
  runner.addReporter({
    specStarted: ({ fullName }) => onStart?.(fullName),
    specDone: ({ id, fullName, status, failedExpectations, duration }) => {
      if (status === "excluded") return;
      record({
        name: fullName,
        file: fileOfSpec.get(id) ?? "",
        status: status === "pending" ? "skipped" : status,
        ...(status === "failed" && { message: failedExpectations.map(({ message }) => message).join("\n") }),
        milliseconds: duration,
      });
    },
    suiteDone: ({ fullName, failedExpectations }) => recordOutside(`${fullName} (outside a test)`, failedExpectations),
    jasmineDone: ({ failedExpectations }) => recordOutside("(outside the suites)", failedExpectations),
  });
  const isChosen = (spec: { id: string; getFullName(): string }) =>
    (filter?.test(spec.getFullName()) ?? true) && (files?.test(fileOfSpec.get(spec.id) ?? "") ?? true);
  runner.env.configure({ random: false, specFilter: isChosen });
  await runner.env.execute();
  return results;
}

/** Notes for each test which file declared it. */
function rememberFiles(): Map<string, string> {
  const files = new Map<string, string>();
  const scope = globalThis as Record<string, unknown>;
  for (const declare of ["it", "xit"]) {
    const original = scope[declare] as (...args: unknown[]) => { id: string };
    scope[declare] = (...args: unknown[]) => {
      const spec = original(...args);
      files.set(spec.id, scope[currentFile] as string);
      return spec;
    };
  }
  return files;
}
