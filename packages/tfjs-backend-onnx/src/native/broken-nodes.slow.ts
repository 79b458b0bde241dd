import "@autodidact/tfjs-backend-onnx/gradients";
import { findKernels } from "@autodidact/kernels";
import { expect, test } from "vitest";
import { recordKernelNodes, runBroken, useKernels } from "../testing/broken-nodes.js";
import { useOnnx } from "../use-onnx.js";

test("kernel nodes with anything wrong run or throw, and most throw", async ({ skip }) => {
  const found = findKernels();
  skip("absent" in found, "absent" in found ? `no kernels: ${found.absent}` : "");
  const { lazy } = await useOnnx({ threads: 2, spin: false, interpret: false });
  const { ran, refused } = runBroken(lazy.runtime, recordKernelNodes(useKernels), { every: 1 });
  expect(refused).toBeGreaterThan(ran);
});
