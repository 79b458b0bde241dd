/**
 * Runs every program of this folder as it stands, and prints what each found as one line of JSON.
 *
 *     node examples/run-all.mjs BACKEND [PROGRAM…]      BACKEND is onnx or cpu
 *
 * Where a program says @tensorflow/tfjs-node it gets @autodidact/tfjs-node, and chance begins anew before each, so that backends draw the same.
 */
import { readdirSync } from "node:fs";
import { register } from "node:module";
import { basename } from "node:path";

const OURS = "@autodidact/tfjs-node";
const renaming = `export const resolve = (name, context, next) => next(name === "@tensorflow/tfjs-node" ? "${OURS}" : name, context);`;
register(`data:text/javascript,${encodeURIComponent(renaming)}`);

const [backend = "onnx", ...asked] = process.argv.slice(2);
const names =
  asked.length > 0
    ? asked
    : readdirSync(import.meta.dirname)
        .filter((name) => name !== basename(import.meta.filename))
        .sort();
const tf = await import(OURS);
await tf.setBackend(backend);

for (const name of names.map((each) => basename(each, ".mjs"))) {
  if (name.endsWith(".ts")) continue;
  Math.random = mulberry32(1);
  const started = performance.now();
  const { found } = await import(`./${name}.mjs`);
  console.log(JSON.stringify({ name, backend: tf.getBackend(), seconds: (performance.now() - started) / 1000, found }));
}

/** Tommy Ettinger's generator: numbers from 0 to 1 that follow from the seed. */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
