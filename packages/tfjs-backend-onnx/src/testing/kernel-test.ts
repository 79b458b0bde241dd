/**
 * Tests of operations that only the kernels compute.
 */
import { findKernels } from "@autodidact/kernels";
import { test } from "vitest";

/** The test is skipped where there are no kernels. */
export const kernelTest: ReturnType<typeof test.skipIf> = test.skipIf("absent" in findKernels());
