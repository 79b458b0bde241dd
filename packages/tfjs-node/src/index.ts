import * as tf from "./tfjs-node.js";

export * from "./tfjs-node.js";
/** `import tf from …`, as of a CommonJS module. */
export default tf;
/** What `require` gives from Node 23 on: without it that were TensorFlow.js's own, which `export *` takes along under this name. */
export { tf as "module.exports" };
