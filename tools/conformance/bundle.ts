/**
 * The test suite inside @tensorflow/tfjs-core, made runnable in Node.
 *
 * The package ships its tests (`dist/**\/*_test.js`, listed in `dist/tests.js`) as modules that Node cannot import (no file
 * extensions): esbuild joins them. `ignoreAnnotations` keeps the modules that register gradients and chained operations,
 * which the package wrongly declares free of side effects.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/** The two modules of the bundle: `setup` has to run before `tests`, which registers every suite while it loads. */
export interface SuiteBundle {
  setup: URL;
  tests: URL;
}

/** The global that names the test file whose body is running: `ops/abs`. */
export const currentFile = "__conformanceFile";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

export async function bundleSuite(): Promise<SuiteBundle> {
  const core = dirname(require.resolve("@tensorflow/tfjs-core/package.json"));
  const jasmineCore = dirname(createRequire(require.resolve("jasmine")).resolve("jasmine-core/package.json"));
  const outdir = join(here, "..", ".cache", "conformance");

  await build({
    entryPoints: { setup: join(here, "setup.mjs"), tests: join(core, "dist", "tests.js") },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true, // one copy of tfjs-core between the two entries
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    target: "node20",
    ignoreAnnotations: true,
    logLevel: "error",
    alias: { "jasmine-core": jasmineCore },
    banner: {
      js: `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`,
    },
    plugins: [nameTestFiles(join(core, "dist"))],
  });

  return { setup: pathToFileURL(join(outdir, "setup.mjs")), tests: pathToFileURL(join(outdir, "tests.mjs")) };
}

/** Prefixes the body of `ops/abs_test.js` with a statement that sets `currentFile` to `ops/abs`. */
function nameTestFiles(dist: string): Plugin {
  return {
    name: "name-test-files",
    setup({ onLoad }) {
      onLoad({ filter: /_test\.js$/ }, async ({ path }) => {
        const name = relative(dist, path)
          .split(sep)
          .join("/")
          .replace(/_test\.js$/, "");
        const body = (await readFile(path, "utf8")).replace(/^\/\/# sourceMappingURL=.*$/m, "");
        return { contents: `globalThis.${currentFile} = ${JSON.stringify(name)};\n${body}`, loader: "js" };
      });
    },
  };
}
