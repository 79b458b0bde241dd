/** What the engine has done since it started. */
export interface Stats {
  /** Graphs compiled to sessions. */
  graphs: number;
  /** Operators in the compiled graphs, all together. */
  nodes: number;
  /** Graphs found compiled. */
  cacheHits: number;
  /** Sessions kept now. */
  cached: number;
  /** Runs of graphs. */
  runs: number;
  /** Graphs computed by CPU kernels, without compiling. */
  interpreted: number;
  /** Runs of compiled steps, without tracing. */
  replays: number;
  /** Graphs that failed, of which what does not depend on the failure was computed in pieces. */
  salvages: number;
  /** Calls that ran on TensorFlow.js's CPU kernels because ONNX cannot express them, by kernel. */
  fallbacks: Record<string, number>;
  /** trace: ordering and hashing; lower: writing ONNX; compile: ONNX Runtime's reading of it; run: computing. */
  milliseconds: { trace: number; lower: number; compile: number; run: number };
  /** Memory lent to tensors, and kept for the next ones. */
  bytes: { lent: number; idle: number };
}

export function freshStats(): Stats {
  return {
    graphs: 0,
    nodes: 0,
    cacheHits: 0,
    cached: 0,
    runs: 0,
    interpreted: 0,
    replays: 0,
    salvages: 0,
    fallbacks: {},
    milliseconds: { trace: 0, lower: 0, compile: 0, run: 0 },
    bytes: { lent: 0, idle: 0 },
  };
}
