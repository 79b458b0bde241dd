/** Activations that TensorFlow.js's fused kernels apply to their result. */
import { activations } from "./activations.js";
import type { GraphBuilder, Value } from "./operation.js";

const KERNELS: Readonly<Record<string, string>> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  leakyrelu: "LeakyRelu",
  prelu: "Prelu",
  sigmoid: "Sigmoid",
};

export interface FusedActivation {
  activation?: string | null;
  leakyreluAlpha?: number;
}

/** `slopes` are prelu's. */
export function activate(
  graph: GraphBuilder,
  x: Value,
  { activation, leakyreluAlpha }: FusedActivation,
  slopes?: Value,
): Value {
  if (activation == null || activation === "linear") return x;
  const operation = activations.find(({ kernel }) => kernel === KERNELS[activation]);
  if (!operation) {
    throw new Error(
      `fused kernels: activation must be one of linear, ${Object.keys(KERNELS).join(", ")}, got ${activation}. Apply it after the kernel.`,
    );
  }
  return operation.lower(graph, slopes ? [x, slopes] : [x], { alpha: leakyreluAlpha }) as Value;
}
