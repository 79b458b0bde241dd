import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeOutput } from "../checkpoint/write-output.js";
import { readSafetensors } from "../safetensors/file.js";
import type { Embedded } from "./embed.js";
import { featureFiles } from "./feature-files.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "features-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function* rows(): AsyncGenerator<Embedded> {
  yield { ids: ["a", 'b,"c"\nd'], features: { values: Float32Array.of(1, 2, 0.5, -4), count: 2, size: 2 } };
  yield { ids: ["e"], features: { values: Float32Array.of(0.25, 1e-7), count: 1, size: 2 } };
}

/** Half of them, then what happens where the user or the disk stops it. */
async function* broken(): AsyncGenerator<Embedded> {
  yield* rows();
  throw new Error("stopped");
}

async function* none(): AsyncGenerator<Embedded> {}

it("writes a table with a column a feature, quoted as RFC 4180 has it", async () => {
  expect(await featureFiles[".csv"]!.write(at("x.csv"), rows())).toEqual({ count: 3, size: 2 });
  const small = Math.fround(1e-7);
  expect(await readFile(at("x.csv"), "utf8")).toBe(`id,f0,f1\na,1,2\n"b,""c""\nd",0.5,-4\ne,0.25,${small}\n`);
});

it("writes lines, and a tensor with its ids", async () => {
  await featureFiles[".jsonl"]!.write(at("x.jsonl"), rows());
  expect((await readFile(at("x.jsonl"), "utf8")).split("\n")[0]).toBe('{"id":"a","features":[1,2]}');
  await featureFiles[".safetensors"]!.write(at("x.safetensors"), rows());
  expect((await readSafetensors(at("x.safetensors"))).tensors.get("features")?.shape).toEqual([3, 2]);
  expect((await readdir(folder)).sort()).toEqual(["x.jsonl", "x.safetensors", "x.txt"]);
});

it.each(Object.keys(featureFiles))(
  "leaves nothing of a %s that failed or has no rows, and an older one as it was",
  async (ending) => {
    const { paths, write } = featureFiles[ending]!;
    await expect(write(at(`x${ending}`), broken())).rejects.toThrow("stopped");
    await expect(write(at(`x${ending}`), none())).rejects.toThrow("nothing in the data could be read");
    expect(await readdir(folder)).toEqual([]);
    for (const path of paths(at(`x${ending}`))) await writeFile(path, "older");
    await expect(write(at(`x${ending}`), broken())).rejects.toThrow("stopped");
    for (const path of paths(at(`x${ending}`))) expect(await readFile(path, "utf8")).toBe("older");
    expect(await readdir(folder)).toHaveLength(paths("").length);
  },
);

it("a link stays a link, and what is no file is written straight", async () => {
  await writeFile(at("file"), "old");
  await symlink(at("file"), at("link"));
  await writeOutput(at("link"), (file) => file.writeFile("new"));
  expect(await readFile(at("file"), "utf8")).toBe("new");
  expect((await readdir(folder)).sort()).toEqual(["file", "link"]);
  await writeOutput("/dev/null", (file) => file.writeFile("gone"));
  await writeOutput("/dev/null", (file) => file.writeFile("gone again")); // still a device
});
