/** What a backend has to reach. Reference, measured on tfjs-core 4.22: cpu 4,227 passed and 0 failed, wasm 3,891 and 334. */
import type { ConformanceRecord } from "./report.js";
import type { TestResult } from "./run-suite.js";
import type { SuiteName } from "./suites.js";

interface Bar {
  /** Least number of passed tests in a whole run. */
  passed: number;
  /** Test files in which nothing may fail, by a prefix of their name. */
  flawless: readonly string[];
}

/** Arithmetic, matmul, convolution, pooling, normalisation, reduction, gather and scatter, gradients, variables, optimizers. */
const trainingFiles = [
  ["add", "sub", "neg", "arithmetic", "binary_ops", "add_n", "square", "floordiv", "reciprocal"],
  ["abs", "exp", "log", "log1p", "sqrt", "rsqrt", "sign", "sigmoid", "tanh", "relu", "elu", "selu", "leaky_relu"],
  ["softplus", "erf", "clip_by_value", "where", "mat_mul", "fused/", "einsum"],
  ["conv1d", "conv2d", "conv3d", "conv_util", "depthwise_conv2d", "dilation2d"],
  ["avg_pool", "max_pool", "pool"],
  ["batchnorm", "moments", "local_response_normalization", "norm", "euclidean_norm", "softmax", "log_softmax"],
  ["sum", "mean", "max", "min", "prod", "all", "any", "log_sum_exp", "arg_max", "arg_min", "cumsum", "cumprod"],
  ["gather", "gather_nd", "scatter_nd", "tensor_scatter_update", "unsorted_segment_sum", "one_hot"],
]
  .flat()
  .map((name) => `ops/${name}`);

const trainingModules = ["gradients", "tape", "variable", "optimizers/", "ops/losses/"];

export const flawlessOnOnnx: readonly string[] = [...trainingFiles, ...trainingModules];

const bars: Record<string, Bar> = {
  onnx: { passed: 4_150, flawless: flawlessOnOnnx },
  cpu: { passed: 4_227, flawless: [""] },
  wasm: { passed: 3_891, flawless: [] },
};

/**
 * What is below the bar, one sentence each; nothing when the backend conforms. A filtered run answers for its failures only, one of layers or
 * data for having run: its failures are judged beside the cpu backend's.
 */
export function shortfalls(
  suite: SuiteName,
  backend: string,
  results: readonly TestResult[],
  whole: boolean,
): string[] {
  if (results.length === 0)
    return ["no test ran: does the filter match the beginning of a test's full name, or of its file's?"];
  if (suite !== "core") return [];
  const bar = bars[backend] ?? { passed: 0, flawless: [] };
  const passed = results.filter(({ status }) => status === "passed").length;
  const failed = results.filter(({ status }) => status === "failed");
  if (!whole) return failed.length > 0 ? [`${failed.length} of the chosen tests failed.`] : [];

  const forbidden = failed.filter(({ file }) => file === "" || bar.flawless.some((prefix) => file.startsWith(prefix)));
  return [
    ...(passed < bar.passed ? [`at least ${bar.passed} tests must pass, ${passed} did.`] : []),
    ...(forbidden.length > 0
      ? [`${forbidden.length} failed where none may:`, ...forbidden.map((f) => `  ${f.name}`)]
      : []),
  ];
}

/** The failures that the cpu backend does not have: `core onnx {} basic` is `core cpu {} basic` there. */
export function failuresBeside(cpu: ConformanceRecord, own: ConformanceRecord): ConformanceRecord["failures"] {
  const withoutBackend = (name: string, backend: string) => name.replaceAll(` ${backend} {`, " {");
  const known = new Set(cpu.failures.map(({ name }) => withoutBackend(name, cpu.backend)));
  return own.failures.filter(({ name }) => !known.has(withoutBackend(name, own.backend)));
}
