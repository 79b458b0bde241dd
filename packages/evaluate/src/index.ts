export { type BootstrapOptions, bootstrapInterval, type Interval, resampledInterval } from "./bootstrap.js";
export { accuracy, type ClassAnswer, type ClassLabels, chanceAccuracy } from "./classes/accuracy.js";
export { byContender, classLessonRecord } from "./classes/class-lesson.js";
export { classMetrics } from "./classes/class-metrics.js";
export {
  type ClassProtocol,
  type ClassTask,
  classProtocol,
  fewLabels,
  labelShareOf,
  type Prediction,
  type Predictor,
} from "./classes/class-protocol.js";
export { type ContendersOptions, contendersOf, type Examined } from "./classes/contenders.js";
export {
  type Answered,
  type AskOptions,
  ask,
  type Examination,
  type ExamineOptions,
  examine,
  labelsOf,
  mostVotes,
  type Question,
} from "./classes/examination.js";
export { type KnnOptions, knn } from "./classes/knn.js";
export { type Evaluation, type LbfgsOptions, lbfgs, type Minimum } from "./classes/lbfgs.js";
export { type LinearProbeOptions, linearProbe, type Normalize } from "./classes/linear-probe.js";
export { type ClassScore, macroF1 } from "./classes/macro-f1.js";
export { mcc } from "./classes/mcc.js";
export { mostNeighbours } from "./classes/neighbours.js";
export { contenderName, RAW_NAMES } from "./contender-names.js";
export {
  type AveragePrecisionOptions,
  ap,
  ap50,
  averagePrecision,
  classPrecisions,
  type ObjectSize,
} from "./dense/average-precision.js";
export type { Box, BoxAnswer, FoundBox, TrueBox } from "./dense/box-answer.js";
export { type DenseAnswer, meanIou } from "./dense/mean-iou.js";
export { pixelAccuracy } from "./dense/pixel-accuracy.js";
export { type SegmentationLabels, segmentationMetrics } from "./dense/segmentation-metrics.js";
export { type Entity, entitiesIn } from "./entities/entities-in.js";
export {
  type EntityAnswer,
  type EntityLabels,
  entityF1,
  entityMetrics,
  entityPrecision,
  entityRecall,
  entityTypes,
} from "./entities/entity-f1.js";
export { equalisedOdds, type OddsDifference, type OddsExample } from "./groups/equalised-odds.js";
export {
  FEW_IN_GROUP,
  type GroupGap,
  type GroupScore,
  type GroupScores,
  groupScores,
  newcombeInterval,
} from "./groups/group-scores.js";
export { type GroupTableColumns, groupsFrom } from "./groups/group-table.js";
export { type Answers, type JudgeOptions, judge } from "./judge.js";
export {
  type CompareOptions,
  type Comparison,
  type Contenders,
  compare,
  type MeasureOptions,
  measure,
} from "./measure.js";
export { type Metric, type Metrics, meanMetric, type Parts, type RatioMetric, ratioMetric } from "./metric.js";
export { auc } from "./pairs/auc.js";
export { eer } from "./pairs/eer.js";
export type { PairAnswer } from "./pairs/error-rates.js";
export { type MinDcfOptions, minDcf } from "./pairs/min-dcf.js";
export { type OperatingPoint, thresholdAt } from "./pairs/threshold-at.js";
export { type Trials, verification } from "./pairs/verification.js";
export type { AnswerKind, Chosen, Protocol, ProtocolContext } from "./protocol.js";
export { type BordaCount, borda, type TaskScores } from "./ranking/borda.js";
export { holm } from "./ranking/holm.js";
export { type LabelPoint, labelEfficiency } from "./ranking/label-efficiency.js";
export { type Coverage, type MacroMean, macroMean, type TaskScore } from "./ranking/macro-mean.js";
export { normalisedScore, type ScoreScale, usualReference } from "./ranking/normalised-score.js";
export { type PairedDifference, pairedBootstrap } from "./ranking/paired-bootstrap.js";
export { type ModelRank, type RankedTask, rankModels } from "./ranking/rank-models.js";
export { caveatsOf } from "./record/caveats.js";
export {
  circumstancesOf,
  describeDense,
  describeQuestions,
  describeSentences,
  describeSubject,
  describeTask,
  type Trained,
} from "./record/circumstances.js";
export {
  addToRun,
  appendRecord,
  assertReplaceableRecord,
  type DamagedLine,
  type Journal,
  readRecords,
} from "./record/journal.js";
export { formatRecord, parseRecord, resultRecord } from "./record/record.js";
export {
  describeProtocol,
  describeScore,
  type RecordTableOptions,
  rawFeaturesWin,
  recordTable,
} from "./record/record-table.js";
export {
  type Circumstances,
  detectionRecord,
  entityRecord,
  type FineTuned,
  type FineTuningResult,
  fineTuningRecord,
  type PerplexityResult,
  type Predicted,
  type ProbeResult,
  perplexityRecord,
  probeRecord,
  questionAnsweringRecord,
  segmentationRecord,
  tokenLabelsRecord,
  transcriptionRecord,
  translationRecord,
} from "./record/results.js";
export { type ResultBody, type ResultRecord, resultRecordSchema, type Score, type Scores } from "./record/schema.js";
export { type MeasuredText, type MeasuredTokens, type TextRecordOptions, textRecord } from "./record/text-record.js";
export { taskName } from "./report/latest-cells.js";
export {
  type Board,
  type BoardOptions,
  type BoardRow,
  type BoardTask,
  type CurvePoint,
  type GroupTable,
  type LabelCurve,
  leaderboard,
} from "./report/leaderboard.js";
export type { ModalityBoard, OverallModel } from "./report/overall.js";
export { type ReportOptions, reportPage } from "./report/report-page.js";
export { cer, ser, type TranscriptAnswer, wer } from "./sequences/error-rate.js";
export { type TranscriptEdits, transcriptEdits } from "./sequences/transcript-edits.js";
export { exactMatch, f1, normalizedAnswer, type SpanAnswer } from "./spans/squad.js";
export { sparseCounterpart } from "./sparse/counterpart.js";
export { sparseKnn } from "./sparse/knn.js";
export { type SparseRegressionOptions, sparseRegression } from "./sparse/regression.js";
export { type SparseParts, type SparseTask, sparseTask } from "./sparse/sparse-rows.js";
export { type CellRecord, type CellResult, cellRecord, formatCell, parseCell, resultsOf } from "./store/cell-record.js";
export { type Predictions, predictionsOf, rightOf } from "./store/predictions.js";
export { resultColumns } from "./store/result-rows.js";
export { openStore, type ResultStore } from "./store/result-store.js";
export { budgetsOf, type Cell, cellKey } from "./suite/cell.js";
export { dataHash, encoderHash, type HashOptions } from "./suite/content-hashes.js";
export {
  assertOneOfEach,
  type ForeignSettings,
  foreignSchema,
  parseSuite,
  parseTask,
  type Suite,
  type SuiteEncoder,
  type SuiteTask,
  suiteSchema,
  taskSchema,
} from "./suite/suite.js";
export {
  bitsPerByte,
  nats,
  pairsRight,
  type RelationAnswer,
  type TokenAnswer,
  tokensRight,
} from "./tokens/token-metrics.js";
export { bleu } from "./translations/bleu.js";
export { chrf } from "./translations/chrf.js";
export { tokens13a } from "./translations/tokenize-13a.js";
export type { TranslationAnswer } from "./translations/translation-answer.js";
export { FEW_EXAMPLES, wilsonInterval } from "./wilson.js";
