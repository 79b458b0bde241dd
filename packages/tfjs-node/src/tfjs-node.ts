/**
 * The programs of @tensorflow/tfjs-node, on ONNX Runtime: TensorFlow.js whole, `tf.node`, files as models, and the engine begun.
 *
 * Loading it has effects, as tfjs-node's has: the backend is made and chosen, routers and the progress of `model.fit` are registered.
 */
import { createRequire } from "node:module";
import * as tfjs from "@tensorflow/tfjs";
import "@autodidact/tfjs-backend-onnx/gradients"; // after TensorFlow.js, whose own it replaces by the same, faster ones
import { useOnnxSync } from "@autodidact/tfjs-backend-onnx";
import { fileSystem, fileSystemRouter } from "./io/file-system.js";
import { nodeHTTPRequest } from "./io/http-request.js";
import { ProgbarLogger } from "./training/progress.js";

export { type OnnxOptions, useOnnx } from "@autodidact/tfjs-backend-onnx";
export * from "@tensorflow/tfjs";
export { node } from "./node.js";

/** The engine's backend. */
const BACKEND = "onnx";

const own = createRequire(import.meta.url)("../package.json") as { version: string };

/** "tfjs-node" is the version whose programs run. */
export const version = { ...tfjs.version, "tfjs-node": "4.22.0", "@autodidact/tfjs-node": own.version };

export const io = { ...tfjs.io, fileSystem, nodeHTTPRequest };

/** TensorFlow.js's own; "tensorflow", tfjs-node's backend, is the one that stands in its place. */
export const setBackend = (name: string): Promise<boolean> => tfjs.setBackend(name === "tensorflow" ? BACKEND : name);

useOnnxSync(); // nothing of it waits: programs call operations in the line after `require`
tfjs.io.registerLoadRouter(fileSystemRouter);
tfjs.io.registerSaveRouter(fileSystemRouter);
tfjs.registerCallbackConstructor(1, ProgbarLogger);
