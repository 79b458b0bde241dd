/** A tag can be moved to other code by whoever holds it: what runs with our tokens is pinned by commit. */
import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";

const FOLDER = new URL("../../.github/workflows/", import.meta.url);
const files = (await readdir(FOLDER)).filter((name) => name.endsWith(".yml"));
const textOf = (name: string) => readFile(new URL(name, FOLDER), "utf8");

it.each(files)("%s takes actions by commit, with the version beside", async (name) => {
  const used = [...(await textOf(name)).matchAll(/uses: (.*)$/gm)].map(([, action]) => action!);
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) expect(action).toMatch(/^(\.\/.+|[\w./-]+@[0-9a-f]{40} # v\d.*)$/);
});

it.each(files)("%s gives nothing to all jobs, and each job what it needs", async (name) => {
  const text = await textOf(name);
  expect(text).toMatch(/^permissions: \{\}$/m);
  const jobs = text
    .slice(text.indexOf("\njobs:\n"))
    .split(/^ {2}(?=\w+:$)/m)
    .slice(1);
  expect(jobs.length).toBeGreaterThan(0);
  for (const job of jobs) expect(job).toMatch(/^ {4}permissions:\n {6}contents: (read|write)/m);
});
