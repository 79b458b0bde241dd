/**
 * Every program of every README runs, from an empty folder with small data in it, against the built packages.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blocksOf, shortened } from "./blocks.js";
import { writeSampleData, writeSampleRuns } from "./sample-data.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What is lowered in a block, by README and by what the block holds. */
const SHORTER: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  "learningRate: 0.12, steps: 1000": [
    ["  steps: 1000", "  steps: 2"],
    ["batchSize: 256", "batchSize: 8"],
  ],
  "imageMethods.simclr, ": [
    ["width: 16", "width: 4"],
    ["epochs: 20", "epochs: 1"],
  ],
  "const steps = 1000": [
    ["const steps = 1000", "const steps = 2"],
    ["batchSize: 256", "batchSize: 8"],
  ],
  "const steps = 2000": [
    ["const steps = 2000", "const steps = 3"],
    ["warmupSteps: 200", "warmupSteps: 1"],
    ["vocabularySize: 8192", "vocabularySize: 60"],
    ["batchSize: 32", "batchSize: 4"],
  ],
  "const steps = 5000": [
    ["const steps = 5000", "const steps = 3"],
    ["warmupSteps: 350", "warmupSteps: 1"],
    ["batchSize: 32", "batchSize: 4"],
  ],
  "const contrastiveSteps = 3000": [
    ["const contrastiveSteps = 3000", "const contrastiveSteps = 3"],
    ["warmupSteps: 100", "warmupSteps: 1"],
    ["batchSize: 64", "batchSize: 8"],
  ],
  "labelsPerClass: 100": [["labelsPerClass: 100", "labelsPerClass: 4"]],
  'fineTuneCtc("tone-encoder"': [
    ["said(200)", "said(16)"],
    ["said(40)", "said(4)"],
  ],
};

const readmes = [
  "README.md",
  ...["packages", "apps"].flatMap((room) => readdirSync(join(root, room)).map((name) => `${room}/${name}/README.md`)),
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-readmes-"));
  await symlink(join(root, "tools", "node_modules"), join(folder, "node_modules"));
  await writeSampleData(folder);
  await writeSampleRuns(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

for (const readme of readmes) {
  const blocks = blocksOf(readFileSync(join(root, readme), "utf8"));
  describe.skipIf(blocks.length === 0)(readme, () => {
    for (const { line, code } of blocks) {
      test(`the program in line ${line} runs`, async () => {
        const changes = Object.entries(SHORTER).flatMap(([mark, list]) => (code.includes(mark) ? list : []));
        const name = `${readme.replaceAll(/\W/g, "-")}-${line}.mjs`;
        const program = await transform(shortened(code, changes), { loader: "ts", format: "esm", target: "node20" });
        await writeFile(join(folder, name), program.code);
        const { stderr } = await promisify(execFile)(process.execPath, [name], { cwd: folder });
        expect(stderr).not.toContain("Error");
      });
    }
  });
}
