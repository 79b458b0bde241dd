#!/usr/bin/env node
import { readFileSync } from "node:fs";

/** Below it Node cannot read the modules of the program, and calls packages missing that are there. */
const FEWEST_FILES = 128;

/** How many files may be open at once; infinite where the system does not tell in this way. */
function openFilesAllowed() {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}

const allowed = openFilesAllowed();
if (allowed < FEWEST_FILES) {
  process.stderr.write(
    `error: at least ${FEWEST_FILES} files must be allowed to be open at once, and the limit is ${allowed}. Raise it: ulimit -n 4096\n`,
  );
  process.exitCode = 1;
} else {
  await import("../dist/main.js");
}
