import { findKernels } from "@autodidact/kernels";
import { getKernel } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { useOnnx } from "./use-onnx.js";

const own = ["ScaledDotProductAttention", "SparseSoftmaxCrossEntropy"].flatMap((name) => [name, `${name}Grad`]);
const needing = [...own, "CtcLoss", "ResizedCrop", "ColorJitter"];
const registered = () => needing.filter((name) => getKernel(name, "onnx"));

test("operations that only kernels compute come and go with them", async () => {
  const hasKernels = !("absent" in findKernels());
  for (const kernels of [true, false, false, true, true]) {
    await useOnnx({ threads: 1, spin: false, interpret: false, kernels });
    expect(registered()).toEqual(kernels && hasKernels ? needing : []);
    for (const name of ["Bytes", "Adam", "BatchMatMul"]) expect(getKernel(name, "onnx")).toBeDefined();
  }
});
