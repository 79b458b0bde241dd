/** The suite on the engine with its kernels and without: each in a process of its own, for the suite loads once a process. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKernels } from "@autodidact/kernels";
import { type ConformanceRecord, lastLine } from "./report.js";

interface BothOptions {
  say(line: string): void;
  /** Where the sum is written. */
  json?: string;
}

/** Runs this command again with `--kernels on` and `--kernels off`; the exit code is 1 where either is below the bar. */
export async function runBoth(args: readonly string[], { say, json }: BothOptions): Promise<number> {
  const kernels = findKernels();
  const choices = "absent" in kernels ? (["off"] as const) : (["on", "off"] as const);
  if ("absent" in kernels) say(`No run with kernels: ${kernels.absent}. ${kernels.remedy}`);

  const folder = await mkdtemp(join(tmpdir(), "autodidact-conformance-"));
  try {
    let code = 0;
    const records: ConformanceRecord[] = [];
    for (const choice of choices) {
      const report = join(folder, `${choice}.json`);
      const ended = await again([...args, "--kernels", choice, "--json", report]);
      if (ended !== 0) code = 1;
      const text = await readFile(report, "utf8").catch(() => undefined);
      if (text === undefined) throw new Error(`conformance: the run with kernels ${choice} ended by ${ended}.`);
      records.push(JSON.parse(text) as ConformanceRecord);
    }
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
