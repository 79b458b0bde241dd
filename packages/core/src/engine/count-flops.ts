/**
 * Floating-point operations of a function of tensors, counted from the kernels that it calls, on any backend: `kernel-flops.ts` says what each counts.
 */
import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { kernelFlops } from "./kernel-flops.js";

export interface Flops {
  /** Of matrix products and convolutions: two a multiply-add. */
  readonly products: number;
  /** Of everything else: one an element. */
  readonly elements: number;
  /** Names of kernels that were called and have no rule: where there are some, both numbers are too small. */
  readonly uncounted: readonly string[];
}

/**
 * Runs the function, which must not be asynchronous; its tensors are disposed of. On `onnx` nothing is computed but what it reads, for calls are only recorded
 * there; other backends compute while they are counted.
 */
export function countFlops(run: () => unknown): Flops {
  let flops: Flops | undefined;
  tidy(() => {
    flops = counted(run).flops;
  });
  return flops!;
}

export interface Counted<Result> {
  readonly result: Result;
  readonly flops: Flops;
}

/** The same with its result, whose tensors are the caller's. */
export function counted<Result>(run: () => Result): Counted<Result> {
  const sums = { products: 0, elements: 0 };
  const uncounted = new Set<string>();
  const stop = watchKernels((kernel, inputs, attributes, outputs) => {
    const flops = kernelFlops({ kernel, inputs, attributes, outputs });
    if (flops === undefined) uncounted.add(kernel);
    sums.products += flops?.products ?? 0;
    sums.elements += flops?.elements ?? 0;
  });
  try {
    const result = run();
    return { result, flops: { ...sums, uncounted: [...uncounted] } };
  } finally {
    stop();
  }
}

type Seen = (
  kernel: string,
  inputs: NamedTensorMap,
  attributes: Readonly<Record<string, unknown>>,
  outputs: readonly Tensor[],
) => void;

/**
 * Every operation goes through `engine().runKernel`, which is replaced until the returned function is called: `tf.profile` would tell no attributes, and
 * wait for each result. What a kernel calls in turn is that kernel's own.
 */
function watchKernels(see: Seen): () => void {
  const tfjs = engine() as { runKernel?: RunKernel };
  const own = Object.getOwnPropertyDescriptor(tfjs, "runKernel");
  const before = tfjs.runKernel!;
  let depth = 0;
  tfjs.runKernel = (kernel, inputs, attributes) => {
    depth += 1;
    let result: Tensor | Tensor[];
    try {
      result = before.call(tfjs, kernel, inputs, attributes);
    } finally {
      depth -= 1;
    }
    if (depth === 0) see(kernel, inputs, attributes ?? {}, [result].flat());
    return result;
  };
  return () => {
    if (own === undefined) delete tfjs.runKernel;
    else Object.defineProperty(tfjs, "runKernel", own);
  };
}

type RunKernel = (kernel: string, inputs: NamedTensorMap, attributes?: NamedAttrMap) => Tensor | Tensor[];
