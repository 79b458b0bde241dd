export { type Advice, type AdviceTold, adviceFrom, adviceSchema } from "./advice/advice.js";
export { describeAdvice } from "./advice/describe-advice.js";
export {
  denseReader,
  type FewLabelOptions,
  fewLabelProbe,
  fewLabelProtocol,
  labelsOfAClass,
  type ProbeLabels,
  type ProbeReader,
  probeOfSample,
} from "./advice/few-label-probe.js";
export type { CutShort, Failed, HalvingEvent, Piloted, Prepared } from "./advice/halving-book.js";
export { rungSizes, secondsToTheEnd } from "./advice/halving-plan.js";
export { labelFreeDraws, type MeasureFeatures, measureSpectrum } from "./advice/label-free-draws.js";
export {
  type LabelFreeMeasures,
  type PilotEvidence,
  type ProbeAnswers,
  pilotEvidenceSchema,
  probeAnswersSchema,
} from "./advice/pilot-evidence.js";
export { orderPilots, type PilotScores, pilotScores, type Shown } from "./advice/pilot-scores.js";
export { probeDifference, rankPilots, type Standing } from "./advice/rank-pilots.js";
export {
  BudgetTooSmallError,
  type Halved,
  type HalvingOptions,
  type PilotOutcome,
  type PilotTask,
  type Preparation,
  type Rung,
  successiveHalving,
} from "./advice/successive-halving.js";
export { type BootstrapOptions, bootstrapInterval, type Interval, resampledInterval } from "./bootstrap.js";
export { accuracy, type ClassAnswer, type ClassLabels, chanceAccuracy } from "./classes/accuracy.js";
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
export { type ContendersOptions, contendersOf, type Examined, type MadeOf } from "./classes/contenders.js";
export {
  type EncoderContenders,
  type EncoderContendersOptions,
  encoderContenders,
} from "./classes/encoder-contenders.js";
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
export { type AlignmentOptions, alignment } from "./label-free/alignment.js";
export { alphaReq } from "./label-free/alpha-req.js";
export { labelFreeMeasures } from "./label-free/label-free.js";
export { type LidarOptions, lidar } from "./label-free/lidar.js";
export { type LinearCkaOptions, linearCka } from "./label-free/linear-cka.js";
export { type UniformityOptions, uniformity } from "./label-free/uniformity.js";
export { byContender, type TaughtContender } from "./lessons/by-contender.js";
export { type AnsweredClasses, type ClassLesson, classLesson } from "./lessons/class-lesson.js";
export { type ClassLessonOptions, classLessonRecord } from "./lessons/class-lesson-record.js";
export type { Lesson, Lessons, Taught } from "./lessons/lesson.js";
export {
  budgetOf,
  type LessonPlan,
  type LessonReading,
  type LessonResult,
  lessonOf,
  type Teaching,
  type Tested,
  type UsualTeaching,
} from "./lessons/lesson-of.js";
export {
  describeTokenAnswer,
  type LabelledTokens,
  type TokenLabels,
  tokenClasses,
  tokenLessonRecord,
} from "./lessons/token-lesson-record.js";
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
export { type FoundThreshold, foundThreshold } from "./pairs/found-threshold.js";
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
  type ModelCost,
  type Trained,
} from "./record/circumstances.js";
export { describeFlops, describeLabelFree, describeModelCost } from "./record/describe-measures.js";
export {
  addToRun,
  appendRecord,
  assertReplaceableRecord,
  type DamagedLine,
  type Journal,
  readRecords,
} from "./record/journal.js";
export { modelCost } from "./record/model-cost.js";
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
export {
  type LabelFree,
  type ResultBody,
  type ResultRecord,
  resultRecordSchema,
  type Score,
  type Scores,
} from "./record/schema.js";
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
export { type Featured, type Likeness, likenessOf } from "./report/likeness.js";
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
export { describeDamage } from "./store/describe-damage.js";
export {
  type FeatureCache,
  type FeatureCacheOptions,
  type FeatureSource,
  featureCache,
} from "./store/feature-cache.js";
export { type KeptFeatures, keptFeatures } from "./store/kept-features.js";
export { type Predictions, predictionsOf, rightOf } from "./store/predictions.js";
export { type FoundPredictions, predictionsIn } from "./store/predictions-in.js";
export { resultColumns } from "./store/result-rows.js";
export { openStore, type ResultStore } from "./store/result-store.js";
export { answerCell } from "./suite/answer-cell.js";
export { budgetsOf, type Cell, cellKey } from "./suite/cell.js";
export type { CellAnswer, CellRequest } from "./suite/cell-messages.js";
export type { CellProgram } from "./suite/cell-process.js";
export { cellsDone, cellsLeft, describePlan } from "./suite/cells-left.js";
export { dataHash, encoderHash, type HashOptions } from "./suite/content-hashes.js";
export { type PassedOverPair, type Plan, type PlannedCell, type PlanOptions, planCells } from "./suite/plan-cells.js";
export { type ReadSuite, readSuite } from "./suite/read-suite.js";
export { cellName, describeCell, type RunCellsOptions, runCells } from "./suite/run-cells.js";
export { type ServeCellOptions, serveCell } from "./suite/serve-cell.js";
export {
  assertOneOfEach,
  parseSuite,
  parseTask,
  type Suite,
  type SuiteEncoder,
  type SuiteTask,
  suiteSchema,
  taskSchema,
} from "./suite/suite.js";
export type { Asked, EvaluationTask, EvaluationTasks } from "./tasks/evaluation-task.js";
export { type ExaminationOptions, type ProbedExamination, probeTasks } from "./tasks/probe-tasks.js";
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
