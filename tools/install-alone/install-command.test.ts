/**
 * What a stranger gets from `npm install autodidact`: the command from its packed tarball in an empty folder, its quickstart, and what it
 * says of a modality that is not there.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmptyFolder, emptyFolder, root } from "./empty-folder.js";

const packages = [
  "kernels",
  "tfjs-backend-onnx",
  "core",
  "vision",
  "text",
  "speech",
  "evaluate",
  "dashboard",
  "autodidact",
];

let place: EmptyFolder;
const autodidact = (...args: string[]) => place.run("npx", ["--no-install", "autodidact", ...args]);

beforeAll(async () => {
  place = await emptyFolder();
  for (const name of packages) await place.pack(name);
  await place.install(...packages.map(place.tarball));
}, 240_000);
afterAll(() => place.remove());

test("it tells the version of its package", async () => {
  const manifest = JSON.parse(await readFile(join(root, "apps", "bench", "package.json"), "utf8"));
  expect((await autodidact("--version")).trim()).toBe(manifest.version);
});

test.each([
  ["images", "simclr", "quickstart"],
  ["text", "next-token", "quickstart-text"],
  ["speech", "speaker-contrastive", "quickstart-speech"],
])("its quickstart learns and measures: %s", { timeout: 600_000 }, async (part, method, folder) => {
  const small = ["--minutes", "0.02", "--width", "4", "--images-per-class", "26", "--recordings-per-voice", "8"]; // as few steps as there may be: 20
  const said = await autodidact("quickstart", "--only", part, ...small);
  expect(said).toContain(`${method}, pretrained`);
  expect(said).toMatch(/random init/);
  expect(await readFile(join(place.folder, "runs", folder, "results.jsonl"), "utf8")).toMatch(/^\{.*\}\n/);
});

test("a modality that is not installed is told with the command that brings it", async () => {
  await rm(join(place.folder, "node_modules", "@autodidact", "text"), { recursive: true });
  await expect(autodidact("pretrain", "masked-lm", "--data", ".")).rejects.toThrow("npm install @autodidact/text");
  expect(await autodidact("--help")).toContain("npm install @autodidact/text");
  expect(await autodidact("pretrain", "simclr", "--help")).toContain("--temperature");
  await rm(join(place.folder, "node_modules", "@autodidact", "dashboard"), { recursive: true });
  await expect(autodidact("dashboard")).rejects.toThrow("npm install @autodidact/dashboard");
  await rm(join(place.folder, "node_modules", "@autodidact", "speech"), { recursive: true });
  await expect(autodidact("pretrain", "masked-frames", "--data", ".")).rejects.toThrow(
    "npm install @autodidact/speech",
  );
});
