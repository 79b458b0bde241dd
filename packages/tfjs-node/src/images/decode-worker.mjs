/**
 * The thread that decodes: sharp is asynchronous, and tfjs-node's decoders are not, so that the caller sleeps until this has answered.
 *
 * Plain JavaScript: a thread begins with a file, in the sources as in what is built.
 */
import { workerData } from "node:worker_threads";

/** @type {{ port: import("node:worker_threads").MessagePort }} */
const { port } = workerData;

/** @typedef {import("./decode-and-wait.js").DecodeTask} DecodeTask */

port.on("message", async (/** @type {{ task: DecodeTask, done: Int32Array }} */ { task, done }) => {
  try {
    const decoded = await decode(task);
    port.postMessage({ decoded }, [decoded.pixels.buffer]);
  } catch (error) {
    port.postMessage({ failed: error instanceof Error ? error.message : String(error) });
  }
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});

/** @param {DecodeTask} task */
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
