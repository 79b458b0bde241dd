/**
 * The library of @autodidact/kernels, loaded and asked what it is before ONNX Runtime registers it.
 */
import { findKernels, type KernelLibrary, type NoKernels } from "@autodidact/kernels";
import { sharedLibrary } from "./shared-library.js";

export interface KernelsInUse extends KernelLibrary {
  /** The library chose these for this processor: "avx2+fma", "avx512", "neon" or "plain". */
  readonly instructions: string;
}

/** `choice`: true for those that are installed, false for none, or the path of a library. They compute on so many threads of their own. */
export function loadKernels(choice: boolean | string, provider: string, threads: number): KernelsInUse | NoKernels {
  if (provider !== "cpu") return { absent: `they compute on the CPU, and the provider is ${provider}`, remedy: "" };
  if (choice === false) return { absent: "switched off", remedy: "" };
  const found = choice === true ? findKernels() : { path: choice, from: "the path given", version: undefined };
  if ("absent" in found) return found;

  const [version = "", instructions = ""] = describe(found.path).split(" ");
  if (found.version !== undefined && version !== found.version) {
    throw unusable(found, `it says it is version ${version}, and ${found.version} was expected`);
  }
  sharedLibrary(found.path).func("void autodidact_kernels_threads(uint32_t)")(threads);
  return { path: found.path, from: found.from, version, instructions };
}

function describe(path: string): string {
  try {
    return sharedLibrary(path).func("const char *autodidact_kernels_description()")() as string;
  } catch (error) {
    throw unusable({ path }, (error as Error).message);
  }
}

const unusable = ({ path, from }: { path: string; from?: string }, reason: string) =>
  new Error(
    `useOnnx: the kernels' library ${path}${from ? ` (from ${from})` : ""} cannot be used: ${reason}. ` +
      "Install @autodidact/kernels again (in a clone: pnpm --filter @autodidact/kernels build), " +
      "or train without kernels: useOnnx({ kernels: false }), --no-kernels.",
  );
