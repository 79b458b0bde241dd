/** How a run is told: failures grouped by test file, one JSON record, one last line. */
import { writeFile } from "node:fs/promises";
import type { TestResult } from "./run-suite.js";

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

export function count(results: readonly TestResult[]): Totals {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { status } of results) totals[status]++;
  return totals;
}

/** Each failing test with the first line of its message, under its test file. */
export function listFailures(results: readonly TestResult[]): string {
  const byFile = new Map<string, TestResult[]>();
  for (const result of results) {
    if (result.status === "failed") byFile.set(result.file, [...(byFile.get(result.file) ?? []), result]);
  }
  return [...byFile]
    .map(([file, failures]) => {
      const lines = failures.map(({ name, message }) => `  ✗ ${name}\n      ${firstLine(message ?? "")}`);
      return `${file || "(outside a test file)"}: ${failures.length} failed\n${lines.join("\n")}`;
    })
    .join("\n");
}

/** The slowest test files, for whoever waits. */
export function listSlowest(results: readonly TestResult[], many = 5): string {
  const byFile = new Map<string, number>();
  for (const { file, milliseconds } of results) byFile.set(file, (byFile.get(file) ?? 0) + milliseconds);
  return [...byFile]
    .sort(([, a], [, b]) => b - a)
    .slice(0, many)
    .map(([file, milliseconds]) => `${file} ${(milliseconds / 1000).toFixed(1)} s`)
    .join(", ");
}

/** What `--json` writes. */
export interface ConformanceRecord extends Totals {
  readonly backend: string;
  readonly seconds: number;
  readonly failures: readonly { name: string; file: string; message?: string }[];
}

export async function writeRecord(path: string, backend: string, seconds: number, results: readonly TestResult[]) {
  const failures = results
    .filter(({ status }) => status === "failed")
    .map(({ name, file, message }) => ({ name, file, message }));
  const record: ConformanceRecord = { backend, ...count(results), seconds, failures };
  await writeFile(path, `${JSON.stringify(record, null, 2)}\n`);
}

export function lastLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function firstLine(message: string): string {
  const [line = ""] = message.split("\n");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
