/**
 * The command: `tsx tools/tfjs-node/build.ts FOLDER [PYTHON]` builds tfjs-node in FOLDER (about a minute, 900 MB) and tries it.
 */
import { execFileSync } from "node:child_process";
import { buildBinding } from "./build-binding.js";

const TRIAL = `
const tf = require("@tensorflow/tfjs-node");
const [product] = tf.matMul(tf.tensor2d([[1, 2, 3]]), tf.tensor2d([[4], [5], [6]])).dataSync();
if (tf.getBackend() !== "tensorflow" || product !== 32) throw new Error("backend " + tf.getBackend() + ", product " + product);
console.log("tfjs-node " + tf.version["tfjs-node"] + " works on TensorFlow " + tf.backend().binding.TF_Version);
`;

const [folder, python] = process.argv.slice(2);
if (!folder) {
  console.error("Usage: tsx tools/tfjs-node/build.ts FOLDER [PYTHON]");
  process.exitCode = 2;
} else {
  const root = buildBinding(folder, { python, report: (stage) => console.log(stage) });
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" };
  execFileSync(process.execPath, ["-e", TRIAL], { cwd: root, env, stdio: "inherit" });
}
