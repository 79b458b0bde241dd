/**
 * The suite on the engine with its kernels and without, and before them on the cpu backend where it is the judge: each in a process of its
 * own, for the suite loads once a process.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKernels } from "@autodidact/kernels";
import { failuresBeside } from "./bar.js";
import { type ConformanceRecord, lastLine } from "./report.js";
import type { SuiteName } from "./suites.js";

interface BothOptions {
  say(line: string): void;
  /** Where the sum is written. */
  json?: string;
  /** That of core has a bar of its own; a failure of the others is one that the cpu backend does not have. */
  suite: SuiteName;
}

/** Runs this command again with `--kernels on` and `--kernels off`; the exit code is 1 where either is below the bar. */
export async function runBoth(args: readonly string[], { say, json, suite }: BothOptions): Promise<number> {
  const kernels = findKernels();
  const choices = "absent" in kernels ? (["off"] as const) : (["on", "off"] as const);
  if ("absent" in kernels) say(`No run with kernels: ${kernels.absent}. ${kernels.remedy}`);

  const folder = await mkdtemp(join(tmpdir(), "autodidact-conformance-"));
  try {
    let code = 0;
    const records: ConformanceRecord[] = [];
    const runOn = async (name: string, options: string[]) => {
      const report = join(folder, `${name}.json`);
      const ended = await again([...args, ...options, "--json", report]);
      if (ended !== 0) code = 1;
      const text = await readFile(report, "utf8").catch(() => undefined);
      if (text === undefined) throw new Error(`conformance: the run ${name} ended by ${ended}.`);
      return JSON.parse(text) as ConformanceRecord;
    };
    const judge = suite === "core" ? undefined : await runOn("cpu", ["--backend", "cpu"]);
    for (const choice of choices) {
      const record = await runOn(`kernels-${choice}`, ["--kernels", choice]);
      records.push(judge ? beside(judge, record, say) : record);
    }
    if (records.some(({ failed }) => judge && failed > 0)) code = 1;
    const total = records.reduce(add);
    if (json !== undefined) await writeFile(json, `${JSON.stringify(total, null, 2)}\n`);
    if (records.length > 1) {
      for (const [i, record] of records.entries()) say(`kernels ${choices[i]}: ${lastLine(record)}`);
      say(lastLine(total));
    }
    return code;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The record with nothing but the failures that the judge does not have. */
function beside(judge: ConformanceRecord, record: ConformanceRecord, say: BothOptions["say"]): ConformanceRecord {
  const failures = failuresBeside(judge, record);
  say(
    `${record.failed} failed, ${failures.length} of them not on backend ${judge.backend}, where ${judge.failed} fail.`,
  );
  for (const { name } of failures) say(`  ${name}`);
  return { ...record, failed: failures.length, failures };
}

function again(args: readonly string[]): Promise<number | string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], { stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal!));
  });
}

const add = (a: ConformanceRecord, b: ConformanceRecord): ConformanceRecord => ({
  backend: a.backend,
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  seconds: a.seconds + b.seconds,
  failures: [...a.failures, ...b.failures],
});
