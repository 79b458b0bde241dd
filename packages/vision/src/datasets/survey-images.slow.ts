import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { beforeAll, expect, it } from "vitest";
import { archiveOf, ramp } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { surveyImages } from "./survey-images.js";

/** More than a call can take as arguments. */
const folder = useTemporaryFolder();
let png: Buffer;
beforeAll(async () => {
  png = await ramp().png().toBuffer();
});

const examplesIn = async (path: string) => (await surveyImages(path)).found.parts.map(({ examples }) => examples);

it("reads 130,000 files of a class", async () => {
  await folder.write("many/b/1.png", png);
  await mkdir(folder.path("many/a"), { recursive: true });
  await writeFile(folder.path("many/a/0.png"), png);
  execFileSync("sh", ["-c", 'seq 1 130000 | sed "s/$/.png/" | xargs touch'], { cwd: folder.path("many/a") });
  expect(await examplesIn(folder.path("many"))).toEqual([130_002]);
});

it("reads 200,000 entries of an archive", async () => {
  const archive = await archiveOf([{ name: "a/0000000.png" }]);
  const entries = Array(200_000).fill(archive.subarray(0, 512));
  const path = await folder.write("many.tar", Buffer.concat([...entries, archive.subarray(512)]));
  expect(await examplesIn(path)).toEqual([200_000]);
});
