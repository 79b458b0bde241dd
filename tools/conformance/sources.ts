/** TensorFlow.js's sources at the version that is tested, fetched once by npm: the packages of its layers and data libraries hold no tests. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const { version } = createRequire(import.meta.url)("@tensorflow/tfjs-core/package.json") as { version: string };
const address = `https://codeload.github.com/tensorflow/tfjs/tar.gz/refs/tags/tfjs-v${version}`;
const cache = join(dirname(fileURLToPath(import.meta.url)), "..", ".cache");

/** Where they lie when they were fetched. */
const fetchedSources = join(cache, `tensorflow-js-${version}`);

export async function sourcesOf(): Promise<string> {
  if (existsSync(fetchedSources)) return fetchedSources;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "fetch-"));
  try {
    await fetchInto(folder);
    await rename(folder, fetchedSources); // whole or not at all
  } catch (error) {
    await rm(folder, { recursive: true });
    throw new Error(
      `conformance: the sources of TensorFlow.js ${version} could not be fetched by npm from ${address}. Give a checkout by --sources FOLDER.`,
      { cause: error },
    );
  }
  return fetchedSources;
}

async function fetchInto(folder: string): Promise<void> {
  const run = promisify(execFile);
  const shell = process.platform === "win32"; // npm is a script there
  await run("npm", ["pack", address, "--pack-destination", folder, "--ignore-scripts", "--fetch-retries=1"], { shell });
  const [archive] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  await run("tar", ["-xzf", archive!, "--strip-components=1"], { cwd: folder });
  await rm(join(folder, archive!));
}
