/** Who wants speech alone gets no code of images and none of text: the packed tarballs in an empty folder, and three steps there. */
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmptyFolder, emptyFolder, root } from "./empty-folder.js";

const packages = ["kernels", "tfjs-backend-onnx", "core", "speech"];

let place: EmptyFolder;
beforeAll(async () => {
  place = await emptyFolder();
});
afterAll(() => place.remove());

test("@autodidact/speech brings neither images nor text, and trains", { timeout: 240_000 }, async () => {
  for (const name of packages) await place.pack(name);
  await place.install("@tensorflow/tfjs-core@4.22.0", ...packages.map(place.tarball));
  expect((await readdir(join(place.folder, "node_modules/@autodidact"))).sort()).toEqual([...packages].sort());
  const installed = await readdir(join(place.folder, "node_modules"));
  for (const other of ["sharp", "@img", "hyparquet-compressors", "@huggingface"])
    expect(installed).not.toContain(other);

  await copyFile(join(root, "tools/install-alone/train-speech.mjs"), join(place.folder, "train-speech.mjs"));
  const output = await place.run("node", ["train-speech.mjs"]);
  const { losses } = JSON.parse(output.trim().split("\n").at(-1) ?? "") as { losses: number[] };
  expect(losses).toHaveLength(3);
  for (const loss of losses) {
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(3); // guessing each band's mean is wrong by 0.8
  }
  expect(new Set(losses).size).toBe(3);
});
