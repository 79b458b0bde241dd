export { findKernels, type KernelLibrary, type NoKernels } from "./find-kernels.js";
