/** The program of the thread that lays a map out. */
import { parentPort, workerData } from "node:worker_threads";
import { type Layout, umapLayout } from "./umap-layout.js";

export type LayoutMessage = { readonly done: number } | { readonly layout: Layout };

const { values, size } = workerData as { values: Float32Array; size: number };
const tell = (message: LayoutMessage) => parentPort!.postMessage(message);
tell({ layout: umapLayout(values, size, { onProgress: (done) => tell({ done }) }) });
