/** The program of the thread that reads a file of features. */
import { parentPort, workerData } from "node:worker_threads";
import { readFeatures } from "@autodidact/core";
import { sampleFeatures } from "./feature-sample.js";

const sample = await sampleFeatures(readFeatures(workerData as string));
parentPort!.postMessage(sample, [sample.values.buffer]);
