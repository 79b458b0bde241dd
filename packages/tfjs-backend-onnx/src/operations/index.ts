import { arithmetic } from "./arithmetic.js";
import type { Operation } from "./operation.js";

/** Every kernel that becomes a node of the graph. What is missing here runs on TensorFlow.js's CPU backend. */
export const operations: readonly Operation[] = [...arithmetic];
