export { type BootstrapOptions, bootstrapInterval } from "./bootstrap.js";
export { type KnnOptions, knn } from "./knn.js";
export { type Evaluation, type LbfgsOptions, lbfgs, type Minimum } from "./lbfgs.js";
export { type LinearProbeOptions, linearProbe } from "./linear-probe.js";
export {
  type Comparison,
  type Contender,
  type Contenders,
  chanceAccuracy,
  compare,
  type MeasureOptions,
  measure,
} from "./measure.js";
export type { Prediction, Protocol, ProtocolContext } from "./protocol.js";
export {
  formatRecord,
  parseRecord,
  type ResultBody,
  type ResultRecord,
  resultRecord,
  resultRecordSchema,
  type Score,
} from "./record.js";
export { sparseCounterpart } from "./sparse/counterpart.js";
export { sparseKnn } from "./sparse/knn.js";
export { type SparseRegressionOptions, sparseRegression } from "./sparse/regression.js";
export { type SparseContender, type SparseParts, sparseContender } from "./sparse/sparse-rows.js";
