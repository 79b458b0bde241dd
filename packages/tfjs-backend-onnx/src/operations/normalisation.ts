/** Batch normalisation with given statistics, and local response normalisation. */
import { type GraphBuilder, named, type Operation, operation, type Value } from "./operation.js";

const BATCH_NORM_INPUTS = ["x", "mean", "variance", "offset", "scale"];

/** TensorFlow.js's default. */
const EPSILON = 0.001;

/** Krizhevsky et al. 2012, https://papers.nips.cc/paper/4824, § 3.3: each element over a power of its neighbours' energy. */
interface ResponseNorm {
  depthRadius: number;
  bias: number;
  alpha: number;
  beta: number;
}

/** Sums over channels at most `depthRadius` away, as a product with a band of ones [C, C]. */
function sumOfNeighbours(graph: GraphBuilder, x: Value, { depthRadius }: ResponseNorm): Value {
  const channels = x.shape.at(-1)!;
  const band = Array.from({ length: channels * channels }, (_, i) =>
    Math.abs(Math.floor(i / channels) - (i % channels)) <= depthRadius ? 1 : 0,
  );
  return graph.matMul(x, graph.constant(band, [channels, channels], "float32"));
}

/** bias + α · Σ x² */
function energy(graph: GraphBuilder, x: Value, attributes: ResponseNorm): Value {
  const sum = sumOfNeighbours(graph, graph.mul(x, x), attributes);
  return graph.add(graph.mul(sum, graph.scalar(attributes.alpha, "float32")), graph.scalar(attributes.bias, "float32"));
}

function power(graph: GraphBuilder, x: Value, exponent: number): Value {
  return graph.binary("Pow", x, graph.scalar(exponent, "float32"));
}

export const normalisation: readonly Operation[] = [
  operation<{ varianceEpsilon?: number; absent?: string[] }>({
    kernel: "FusedBatchNorm",
    inputs: BATCH_NORM_INPUTS,
    infer: ([x]) => x!,
    lower: (graph, inputs, attributes) => {
      const { x, mean, variance, offset, scale } = named(BATCH_NORM_INPUTS, inputs, attributes);
      const epsilon = graph.scalar(attributes.varianceEpsilon ?? EPSILON, "float32");
      const deviation = graph.unary("Sqrt", graph.add(variance!, epsilon));
      const factor = graph.div(scale ?? graph.scalar(1, "float32"), deviation);
      const shift = graph.mul(mean!, factor);
      // The parameters are small: x is read and written twice.
      return graph.add(graph.mul(x!, factor), offset ? graph.sub(offset, shift) : graph.neg(shift));
    },
  }),
  operation<ResponseNorm>({
    kernel: "LRN",
    inputs: ["x"],
    infer: ([x]) => x!,
    lower: (graph, [x], attributes) => graph.mul(x!, power(graph, energy(graph, x!, attributes), -attributes.beta)),
  }),
  operation<ResponseNorm>({
    kernel: "LRNGrad",
    inputs: ["x", "y", "dy"],
    infer: ([x]) => x!,
    lower: (graph, [x, y, dy], attributes) => {
      const { alpha, beta } = attributes;
      const norm = energy(graph, x!, attributes);
      const own = graph.mul(dy!, power(graph, norm, -beta));
      const throughNorm = sumOfNeighbours(graph, graph.div(graph.mul(dy!, y!), norm), attributes);
      return graph.sub(own, graph.mul(graph.mul(x!, graph.scalar(2 * alpha * beta, "float32")), throughNorm));
    },
  }),
];
