/** The program of the thread that reads a store. */
import { parentPort, workerData } from "node:worker_threads";
import { readStore } from "./store-reading.js";

await readStore(workerData as string, (message) => parentPort!.postMessage(message));
