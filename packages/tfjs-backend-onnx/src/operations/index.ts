import { activations } from "./activations.js";
import { adam } from "./adam.js";
import { arithmetic } from "./arithmetic.js";
import { attention } from "./attention.js";
import { blocks } from "./blocks.js";
import { colorJitter } from "./color-jitter.js";
import { comparisons } from "./comparison.js";
import { convolutions } from "./convolution.js";
import { convolutionGradients } from "./convolution-gradients.js";
import { creation } from "./creation.js";
import { crossEntropy } from "./cross-entropy.js";
import { ctc } from "./ctc.js";
import { depthwiseConvolutions } from "./depthwise.js";
import { dilations } from "./dilation.js";
import { dropout } from "./dropout.js";
import { einsum } from "./einsum.js";
import { images } from "./image.js";
import { indexing } from "./indexing.js";
import { largestPlaces } from "./largest-places.js";
import { matmul } from "./matmul.js";
import { normalisation } from "./normalisation.js";
import type { Operation } from "./operation.js";
import { padding } from "./padding.js";
import { pools } from "./pooling.js";
import { poolGradients } from "./pooling-gradients.js";
import { reductions } from "./reductions.js";
import { resampling } from "./resampling.js";
import { resizedCrop } from "./resized-crop.js";
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
  ...attention,
  ...crossEntropy,
  ...ctc,
  ...einsum,
  ...matmul,
  ...convolutions,
  ...convolutionGradients,
  ...depthwiseConvolutions,
  ...dilations,
  ...pools,
  ...poolGradients,
  ...largestPlaces,
  ...normalisation,
  ...resampling,
  ...images,
  ...resizedCrop,
  ...colorJitter,
  ...dropout,
  ...adam,
];
