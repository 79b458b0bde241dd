/**
 * A test suite of TensorFlow.js, made runnable in Node.
 *
 * @tensorflow/tfjs-core ships its tests (`dist/**\/*_test.js`, listed in `dist/tests.js`) as modules that Node cannot import (no file
 * extensions), those of the other libraries are TypeScript: esbuild joins them. `ignoreAnnotations` keeps the modules that register
 * gradients and chained operations, which the package wrongly declares free of side effects.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { nameOf, type Suite } from "./suites.js";

/** The two modules of the bundle: `setup` has to run before `tests`, which registers every suite while it loads. */
export interface SuiteBundle {
  setup: URL;
  tests: URL;
}

/** The global that names the test file whose body is running: `ops/abs`. */
export const currentFile = "__conformanceFile";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** Written to `outdir`: a folder of the suite's unless told. */
export async function bundleSuite(
  suite: Suite,
  outdir = join(here, "..", ".cache", "conformance", suite.name),
): Promise<SuiteBundle> {
  const jasmineCore = dirname(createRequire(require.resolve("jasmine")).resolve("jasmine-core/package.json"));

  const { outputFiles } = await build({
    entryPoints: { setup: join(here, "setup.mjs"), tests: "tests-of-suite" },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    write: false,
    splitting: true, // one copy of tfjs-core between the two entries
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    target: "node20",
    ignoreAnnotations: true,
    logLevel: "error",
    alias: { "jasmine-core": jasmineCore },
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } }, // a field that is only declared is no field
    banner: {
      js: `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`,
    },
    plugins: [joinTests(suite), findPackages(suite), nameTestFiles(suite)],
  });
  await mkdir(outdir, { recursive: true });
  for (const { path, text } of outputFiles) await writeFile(path, withWritableNamespaces(text));

  return { setup: pathToFileURL(join(outdir, "setup.mjs")), tests: pathToFileURL(join(outdir, "tests.mjs")) };
}

/** The entry that imports every test file. */
function joinTests({ files }: Suite): Plugin {
  return {
    name: "join-tests",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^tests-of-suite$/ }, () => ({ path: "tests", namespace: "suite" }));
      onLoad({ filter: /.*/, namespace: "suite" }, () => ({
        contents: files.map((file) => `import ${JSON.stringify(file)};`).join("\n"),
        resolveDir: here,
      }));
    },
  };
}

/** Sources outside the repository import packages by name: the ones that are installed here. */
function findPackages({ name, folder, packagesFrom }: Suite): Plugin {
  return {
    name: "find-packages",
    setup({ onResolve, resolve }) {
      if (name === "core") return;
      onResolve({ filter: /^[@a-z]/ }, ({ path, resolveDir, kind, pluginData }) => {
        if (!resolveDir.startsWith(folder) || pluginData === "found" || isBuiltin(path)) return undefined;
        return resolve(path, { resolveDir: packagesFrom, kind, pluginData: "found" });
      });
    },
  };
}

/**
 * Prefixes the body of `ops/abs_test.js` with a statement that sets `currentFile` to `ops/abs`. Tests that the libraries run on backend cpu
 * alone, because it is the only one of theirs in Node, run on the backend that is tested.
 */
function nameTestFiles({ folder }: Suite): Plugin {
  return {
    name: "name-test-files",
    setup({ onLoad }) {
      onLoad({ filter: /(_test|test_utils)\.(js|ts)$/ }, async ({ path }) => {
        const text = (await readFile(path, "utf8")).replace(/^\/\/# sourceMappingURL=.*$/m, "");
        const body = text.replace("testEnv.backendName === 'cpu'", "testEnv.backendName !== 'webgl'");
        const name = /_test\.(js|ts)$/.test(path)
          ? `globalThis.${currentFile} = ${JSON.stringify(nameOf(relative(folder, path)))};\n`
          : "";
        return { contents: name + body, loader: path.endsWith("ts") ? "ts" : "js" };
      });
    },
  };
}

/** Tests spy on functions of a namespace (`spyOn(util, "fetch")`), which CommonJS lets them replace and esbuild's getters do not. */
const withWritableNamespaces = (text: string) =>
  text.replace(
    "__defProp(target, name, { get: all[name], enumerable: true })",
    "__defProp(target, name, { get: all[name], set: (value) => { all[name] = () => value; }, enumerable: true, configurable: true })",
  );
