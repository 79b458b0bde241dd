/**
 * The thread that decodes: sharp is asynchronous, and tfjs-node's decoders are not, so that the caller sleeps until this has answered.
 *
 * Plain JavaScript: a thread begins with a file, in the sources as in what is built.
 */
import { workerData } from "node:worker_threads";

/** @type {{ port: import("node:worker_threads").MessagePort }} */
const { port } = workerData;

/**
 * @typedef {object} Task
 * @property {Uint8Array} contents a file's bytes
 * @property {"raw" | "gray" | "cmyk"} colours as they are in the file (gray, gray with alpha, RGB, RGBA), or one of these without conversion
 * @property {boolean} isDeep whether samples have 16 bits
 * @property {boolean} isAnimated whether all frames are wanted, one below the other
 * @property {boolean} isRecovered whether a file that is cut short is taken as far as it goes
 */

port.on("message", async (/** @type {{ task: Task, done: Int32Array }} */ { task, done }) => {
  /** @type {{ decoded: object } | { failed: string }} */
  let answer;
  try {
    const decoded = await decode(task);
    answer = { decoded };
    port.postMessage(answer, [decoded.pixels.buffer]);
  } catch (error) {
    port.postMessage({ failed: error instanceof Error ? error.message : String(error) });
  }
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});

/** @param {Task} task */
async function decode({ contents, colours, isDeep, isAnimated, isRecovered }) {
  const { default: sharp } = await import("sharp");
  const image = sharp(contents, {
    failOn: isRecovered ? "none" : "error",
    limitInputPixels: false,
    ignoreIcc: true, // TensorFlow's decoders give what is stored
    pages: isAnimated ? -1 : 1,
  });
  if (colours === "cmyk") image.pipelineColourspace("cmyk").toColourspace("cmyk");
  else if (colours === "gray") image.toColourspace(isDeep ? "grey16" : "b-w");
  else if (isDeep) image.toColourspace("rgb16");
  const { data, info } = await image.raw({ depth: isDeep ? "ushort" : "uchar" }).toBuffer({ resolveWithObject: true });
  return {
    pixels: isDeep ? highBytes(data) : new Uint8Array(data),
    height: info.height,
    width: info.width,
    channels: info.channels,
    frames: info.pages ?? 1,
  };
}

/**
 * Of samples of 16 bits the upper 8, as libpng strips them.
 *
 * @param {Buffer} data
 */
function highBytes(data) {
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  return Uint8Array.from(samples, (sample) => sample >> 8);
}
