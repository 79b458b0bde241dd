import * as tf from "./tfjs-node.js";

export * from "./tfjs-node.js";
/** `import tf from …`, as of a CommonJS module. */
export default tf;
