import { adamKernel } from "./adam.js";
import { arithmetic } from "./arithmetic.js";
import type { HostKernel } from "./host-kernel.js";
import { moving } from "./moving.js";
import { products } from "./products.js";
import { sumKernels } from "./sums.js";

/** By TensorFlow.js's name of the kernel, or ours where it has none. */
export const HOST_KERNELS: ReadonlyMap<string, HostKernel> = new Map(
  Object.entries<HostKernel>({ ...arithmetic, ...moving, ...products, ...sumKernels, ...adamKernel }),
);
