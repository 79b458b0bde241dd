/**
 * A suite from its file, with every path beside it: what is to be measured, before anything of it is looked at.
 */
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { UsageError } from "@autodidact/core";
import { taskName } from "../report/latest-cells.js";
import { assertOneOfEach, parseSuite, parseTask, type SuiteEncoder, type SuiteTask } from "./suite.js";

export interface ReadSuite {
  readonly name: string;
  readonly encoders: readonly SuiteEncoder[];
  readonly tasks: readonly SuiteTask[];
}

/** Paths in a file are beside that file, a task's beside the task's own. */
export async function readSuite(path: string): Promise<ReadSuite> {
  const suite = parseSuite(await textOf(path), path);
  const beside = (from: string, name: string) => resolve(dirname(from), name);
  const encoders = suite.encoders.map((told) =>
    typeof told === "string"
      ? { name: told, folder: beside(path, told) }
      : { ...told, folder: beside(path, told.folder) },
  );
  const tasks: SuiteTask[] = [];
  for (const told of suite.tasks) {
    const from = typeof told === "string" ? beside(path, told) : path;
    const task = typeof told === "string" ? parseTask(await textOf(from), from) : told;
    const groups = task.groups && { ...task.groups, file: beside(from, task.groups.file) };
    tasks.push({ ...task, data: beside(from, task.data), groups });
  }
  assertOneOfEach(
    encoders.map(({ name }) => name),
    "encoders",
    path,
  );
  assertOneOfEach(tasks.map(taskName), "tasks", path);
  return { name: suite.name ?? basename(path).replace(/\.json$/, ""), encoders, tasks };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`\`suite\`: ${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
