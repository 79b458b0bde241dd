/**
 * ONNX Runtime's public C API as functions of JavaScript.
 *
 * `OrtGetApiBase` gives a table of functions whose order is frozen (onnxruntime_c_api.h: "NO REORDERING ALLOWED"), so a
 * function is its index. Every pointer is a bigint.
 */
import koffi, { type KoffiFunc } from "koffi";
import { sharedLibrary } from "./shared-library.js";

export type Pointer = bigint;

/** Version of the table that is asked for: the newest function used is of 1.17, so that older and newer libraries fit. */
const API_VERSION = 17;
const OLDEST_LIBRARY = [1, 20] as const;

/** A path: wide characters on Windows. */
const PATH = process.platform === "win32" ? "str16" : "str";

/** index in OrtApi: [result, arguments]. Those that return `status` are checked. */
const FUNCTIONS = {
  GetErrorMessage: [2, "str", ["void *"]],
  CreateSessionFromArray: [8, "status", ["void *", "const uint8_t *", "size_t", "void *", "_Out_ void **"]],
  Run: [
    9,
    "status",
    ["void *", "void *", "const void *", "const void *", "size_t", "const void *", "size_t", "void *"],
  ],
  CreateSessionOptions: [10, "status", ["_Out_ void **"]],
  EnableProfiling: [14, "status", ["void *", PATH]],
  DisableMemPattern: [17, "status", ["void *"]],
  SetSessionLogSeverityLevel: [22, "status", ["void *", "int"]],
  SetSessionGraphOptimizationLevel: [23, "status", ["void *", "int"]],
  CreateTensorAsOrtValue: [48, "status", ["void *", "const int64_t *", "size_t", "int", "_Out_ void **"]],
  CreateTensorWithDataAsOrtValue: [
    49,
    "status",
    ["void *", "void *", "size_t", "const int64_t *", "size_t", "int", "_Out_ void **"],
  ],
  GetTensorMutableData: [51, "status", ["void *", "_Out_ void **"]],
  CreateMemoryInfo: [68, "status", ["str", "int", "int", "int", "_Out_ void **"]],
  CreateCpuMemoryInfo: [69, "status", ["int", "int", "_Out_ void **"]],
  ReleaseEnv: [92, "void", ["void *"]],
  ReleaseStatus: [93, "void", ["void *"]],
  ReleaseSession: [95, "void", ["void *"]],
  ReleaseValue: [96, "void", ["void *"]],
  ReleaseSessionOptions: [100, "void", ["void *"]],
  SessionEndProfiling: [110, "status", ["void *", "void *", "_Out_ void **"]],
  CreateEnvWithGlobalThreadPools: [119, "status", ["int", "str", "void *", "_Out_ void **"]],
  DisablePerSessionThreads: [120, "status", ["void *"]],
  CreateThreadingOptions: [121, "status", ["_Out_ void **"]],
  ReleaseThreadingOptions: [122, "void", ["void *"]],
  GetAvailableProviders: [125, "status", ["_Out_ void **", "_Out_ int *"]],
  ReleaseAvailableProviders: [126, "status", ["void *", "int"]],
  AddSessionConfigEntry: [130, "status", ["void *", "str", "str"]],
  CreateAllocator: [131, "status", ["void *", "void *", "_Out_ void **"]],
  ReleaseAllocator: [132, "void", ["void *"]],
  CreateAndRegisterAllocator: [144, "status", ["void *", "void *", "void *"]],
  SetGlobalIntraOpNumThreads: [147, "status", ["void *", "int"]],
  SetGlobalInterOpNumThreads: [148, "status", ["void *", "int"]],
  SetGlobalSpinControl: [149, "status", ["void *", "int"]],
  SessionOptionsAppendExecutionProvider: [216, "status", ["void *", "str", "const void *", "const void *", "size_t"]],
  RegisterCustomOpsLibrary_V2: [228, "status", ["void *", PATH]],
} as const satisfies Record<string, readonly [number, string, readonly string[]]>;

export type Functions = Record<keyof typeof FUNCTIONS, KoffiFunc<(...args: unknown[]) => unknown>>;

export function openLibrary(path: string): { version: string; functions: Functions } {
  let base: Pointer;
  try {
    base = sharedLibrary(path).func("void *OrtGetApiBase()")() as Pointer;
  } catch (error) {
    throw new Error(`onnx engine: cannot load ONNX Runtime from ${path}: ${(error as Error).message}`);
  }
  const [getApi, getVersion] = koffi.decode(base, koffi.array("void *", 2)) as [Pointer, Pointer];
  const version = koffi.call(getVersion, koffi.proto("str()")) as string;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major !== OLDEST_LIBRARY[0] || minor < OLDEST_LIBRARY[1]) {
    throw new Error(
      `onnx engine: ONNX Runtime ${OLDEST_LIBRARY.join(".")} or newer (1.x) is needed, ${path} is ${version}.`,
    );
  }
  const table = koffi.call(getApi, koffi.proto("void *(uint32_t)"), API_VERSION) as Pointer;
  const functions = {} as Functions;
  for (const [name, [index, result, args]] of Object.entries(FUNCTIONS)) {
    const address = koffi.decode(table, index * 8, "void *");
    functions[name as keyof Functions] = koffi.decode(
      address,
      koffi.proto(result === "status" ? "void *" : result, [...args]),
    ) as never;
  }
  return { version, functions };
}
