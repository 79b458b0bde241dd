/**
 * Bundles TensorFlow.js's own gradient definitions into dist/gradients.js.
 *
 * @tensorflow/tfjs-core registers none in Node, and its modules cannot be imported by path (no file extensions).
 * The bundle registers into the same engine: TensorFlow.js keeps engine and registries on globalThis.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const tfjs = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-core/package.json"));

/**
 * Gradients multiply by ones of a tensor's size. Made by the kernel Fill these cost nothing (the engine multiplies by
 * one by doing nothing); as arrays made in JavaScript they took a tenth of a training step.
 */
const uniformByKernel = {
  name: "uniform-by-kernel",
  setup({ onLoad }) {
    onLoad({ filter: /tfjs-core\/dist\/ops\/(ones|zeros)\.js$/ }, ({ path }) => {
      const [name, value] = path.endsWith("ones.js") ? ["ones", 1] : ["zeros", 0];
      return {
        contents: `import { fill } from "./fill"; export const ${name} = (shape, dtype = "float32") => fill(shape, ${value}, dtype);`,
      };
    });
  },
};

await build({
  stdin: {
    // The package first, so that the engine and its tensors are the package's own, not the bundle's.
    contents: `import "@tensorflow/tfjs-core"; import "./register_all_gradients.js";`,
    resolveDir: join(tfjs, "dist"),
  },
  external: ["@tensorflow/tfjs-core"],
  outfile: "dist/gradients.js",
  bundle: true,
  plugins: [uniformByKernel],
  format: "esm",
  platform: "node",
  target: "node20",
  ignoreAnnotations: true,
  legalComments: "eof",
  footer: { js: "export {};" }, // a module without exports looks like CommonJS to tools
});
writeFileSync("dist/gradients.d.ts", "export {};\n");
