import { activations } from "./activations.js";
import { arithmetic } from "./arithmetic.js";
import { blocks } from "./blocks.js";
import { comparisons } from "./comparison.js";
import { creation } from "./creation.js";
import { einsum } from "./einsum.js";
import { indexing } from "./indexing.js";
import type { Operation } from "./operation.js";
import { padding } from "./padding.js";
import { reductions } from "./reductions.js";
import { scattering } from "./scattering.js";
import { shaping } from "./shaping.js";
import { unaries } from "./unary.js";

/** Every kernel that becomes a node of the graph. What is missing here runs on TensorFlow.js's CPU backend. */
export const operations: readonly Operation[] = [
  ...arithmetic,
  ...comparisons,
  ...unaries,
  ...activations,
  ...reductions,
  ...shaping,
  ...padding,
  ...blocks,
  ...creation,
  ...indexing,
  ...scattering,
  ...einsum,
];
