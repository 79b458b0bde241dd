/** TensorFlow.js's published programs, written small: on the engine they find what they find on TensorFlow.js's CPU backend. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const programs = readdirSync(folder)
  .filter((name) => name.endsWith(".mjs") && name !== "run-all.mjs")
  .map((name) => name.slice(0, -".mjs".length));

type Found = number | readonly Found[] | { readonly [name: string]: Found };

/** What each program found, in one process for all. */
async function foundOn(backend: string): Promise<Map<string, Found>> {
  const { stdout } = await promisify(execFile)(process.execPath, ["run-all.mjs", backend], { cwd: folder });
  const told = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line)) as { name: string; backend: string; found: Found }[];
  for (const each of told) expect(each.backend).toBe(backend);
  return new Map(told.map(({ name, found }) => [name, found]));
}

const onOnnx = foundOn("onnx");
const onCpu = foundOn("cpu");

test("there are eight", () => expect(programs).toHaveLength(8));

test.each(programs)("%s", async (name) => {
  const [found, expected] = [numbersIn((await onOnnx).get(name)!), numbersIn((await onCpu).get(name)!)];
  expect(found.length).toBeGreaterThan(3);
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4);
});

/** In the order in which they stand. A number that is none would be as near as any. */
function numbersIn(found: Found): number[] {
  if (typeof found === "number") return [found];
  return Object.values(found).flatMap(numbersIn);
}
