/** The test suites of TensorFlow.js: where each one's test files are, and what has to be changed in them to run on a backend of any name. */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { sourcesOf } from "./sources.js";

export const suiteNames = ["core", "layers", "data"] as const;
export type SuiteName = (typeof suiteNames)[number];

export interface Suite {
  readonly name: SuiteName;
  /** Test files are named from here. */
  readonly folder: string;
  readonly files: readonly string[];
  /** From where packages are found that the files import. */
  readonly packagesFrom: string;
}

const require = createRequire(import.meta.url);

/** What the package ships (core), or sources beside the checkout: the others' packages hold no tests. */
export async function openSuite(name: SuiteName, sources?: string): Promise<Suite> {
  const core = dirname(require.resolve("@tensorflow/tfjs-core/package.json"));
  if (name === "core") {
    const folder = join(core, "dist");
    return { name, folder, files: [join(folder, "tests.js")], packagesFrom: core };
  }
  const folder = join(sources ?? (await sourcesOf()), `tfjs-${name}`, "src");
  if (!existsSync(folder)) throw new Error(`conformance: ${folder} must be there, with TensorFlow.js's tests.`);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("_test.ts"))
    .sort();
  if (files.length === 0) throw new Error(`conformance: ${folder} must hold *_test.ts of TensorFlow.js, found none.`);
  return { name, folder, files: files.map((file) => join(folder, file)), packagesFrom: packagesOf(name) };
}

/** The library's own dependencies, as @tensorflow/tfjs installed them. */
function packagesOf(name: SuiteName): string {
  const [dropIn, whole] = ["@autodidact/tfjs-node", "@tensorflow/tfjs"];
  const fromDropIn = createRequire(require.resolve(`${dropIn}/package.json`));
  const fromWhole = createRequire(fromDropIn.resolve(`${whole}/package.json`));
  return dirname(fromWhole.resolve(`@tensorflow/tfjs-${name}/package.json`));
}

/** `ops/abs_test.js` is called `ops/abs`. */
export const nameOf = (path: string) =>
  path
    .split(sep)
    .join("/")
    .replace(/_test\.(js|ts)$/, "");
