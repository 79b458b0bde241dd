export { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint/checkpoint.js";
export {
  type CheckpointStore,
  type CheckpointStoreOptions,
  type DamagedCheckpoint,
  type LatestCheckpoint,
  latestCheckpoint,
  openCheckpoints,
} from "./checkpoint/checkpoint-store.js";
export { commitListed, verifyIfListed } from "./checkpoint/checksums.js";
export {
  assertReplaceable,
  commitDirectory,
  commitFilledDirectory,
  type ReplaceOptions,
  removeDirectory,
} from "./checkpoint/commit-directory.js";
export { type CommitOptions, commitFile, commitFilledFile, type FileSystem } from "./checkpoint/commit-file.js";
export { exists, freeFolder } from "./checkpoint/free-folder.js";
export { assertApart, assertFree, type PlaceNames } from "./checkpoint/free-place.js";
export { lockRun, type RunLock } from "./checkpoint/run-lock.js";
export { assertNoFile, writeNew, writeOutput } from "./checkpoint/write-output.js";
export { type AheadOptions, ahead } from "./data/ahead.js";
export { archiveFolders, type NamedArchive, placeInArchive } from "./data/archive-folders.js";
export { assertWithin } from "./data/assert-within.js";
export { type CacheOptions, cached } from "./data/cached.js";
export { type PartQuestion, partsOf } from "./data/choose-parts.js";
export { byCodePoint, byNumber, byNumberOrName } from "./data/code-points.js";
export { contentHash } from "./data/content-hash.js";
export { type CorruptAllowance, corruptAllowance } from "./data/corrupt-allowance.js";
export { CorruptSampleError, type Dataset, fingerprint, sampleId } from "./data/dataset.js";
export { describeInspection } from "./data/describe-inspection.js";
export { type ContentsOptions, type FilesFingerprintOptions, fingerprintFiles } from "./data/fingerprint-files.js";
export {
  type FolderLayout,
  type LaidOutPart,
  type Layout,
  type LayoutOptions,
  layoutOf,
} from "./data/folder-layout.js";
export {
  describeFoundData,
  describePassedOver,
  type FoundData,
  type FoundPart,
  type PartName,
  type PassedOver,
} from "./data/found-data.js";
export { type ClassSize, heldOutFifth, heldOutOfFew } from "./data/held-out-fifth.js";
export type { Duplicate, Inspection } from "./data/inspection.js";
export type { LabelledData, LabelledPart } from "./data/labelled-data.js";
export {
  type CorruptSample,
  type LoadedBatch,
  type Loader,
  type LoaderOptions,
  type LoaderState,
  loader,
  TooManyCorruptError,
} from "./data/loader.js";
export { ofFile } from "./data/of-file.js";
export {
  type LabelledQuestion,
  type LabelledSurvey,
  type OpenLabelledOptions,
  openLabelledParts,
} from "./data/open-labelled-parts.js";
export { foundIn, labelsOf, type PartedSet, type PartLabels, type SetPart } from "./data/part-labels.js";
export { isWrapper, partInWords, partNamed, partsAmong } from "./data/part-names.js";
export { type Tally, tally } from "./data/passed-over.js";
export { type ReadAllowedOptions, readAllowed } from "./data/read-allowed.js";
export { type ReadSamplesOptions, readSamples } from "./data/read-samples.js";
export { type Skipping, skipping } from "./data/skipping.js";
export {
  drawPerClass,
  firstPerClass,
  type LabelBudget,
  nestedSubset,
  type Split,
  stratifiedFolds,
} from "./data/split.js";
export { statOf } from "./data/stat-of.js";
export { readTarEntry, sampleKey, type TarEntry, type TarReading, tarEntries } from "./data/tar-entries.js";
export { endingOf, type FileTree, isArchive, type WalkOptions, walkFiles } from "./data/walk-files.js";
export { type CompiledStep, compileStep } from "./engine/compile-step.js";
export { countFlops, type Flops } from "./engine/count-flops.js";
export { type CountedStep, countedStep } from "./engine/counted-step.js";
export { describeEngine, kernelsInShort } from "./engine/describe-engine.js";
export { type Energy, energyMeter, type NoEnergy } from "./engine/energy.js";
export {
  chooseEngine,
  type EngineDescription,
  type EngineName,
  type EngineOptions,
  type Provider,
} from "./engine/engine.js";
export { describeKernels, type EngineTrial, engineCandidates, tryEngine } from "./engine/engine-trial.js";
export { type Cost, describeEnvironment, type Environment, type MeterOptions, meter } from "./engine/environment.js";
export { hasKernel } from "./engine/has-kernel.js";
export { type MatmulSpeed, matmulSpeed } from "./engine/matmul-speed.js";
export type { Session } from "./engine/session.js";
export { type Embedded, type EmbedOptions, embed, type NamedSample } from "./features/embed.js";
export { type BatchesOptions, extractorOf } from "./features/extractor-of.js";
export {
  type FeatureExtractor,
  type FeatureExtractorOptions,
  type Following,
  type FrozenEncoder,
  featureExtractor,
} from "./features/feature-extractor.js";
export { type FeatureFile, featureFiles } from "./features/feature-files.js";
export {
  type FeatureTable,
  type LabelledFeatures,
  labelled,
  rowsByClass,
  selectRows,
} from "./features/feature-table.js";
export { type NearestOptions, type Neighbour, nearestRows } from "./features/nearest-rows.js";
export { writeNpy } from "./features/npy.js";
export { type WriteParquetOptions, writeParquet } from "./features/parquet.js";
export { readFeatures } from "./features/read-features.js";
export { type RowFlops, type RowFlopsSum, rowFlops } from "./features/row-flops.js";
export { type LabelledSparse, type SparseTable, selectSparseRows } from "./features/sparse-table.js";
export { gelu, geluTanh } from "./functions/gelu.js";
export { l2Normalize } from "./functions/l2-normalize.js";
export { layerSum } from "./functions/layer-sum.js";
export { rowsAt } from "./functions/rows-at.js";
export { type AttentionOptions, scaledDotProductAttention } from "./functions/scaled-dot-product-attention.js";
export { type ClippedGradients, clipByGlobalNorm, globalNorm } from "./gradients/clip.js";
export { type GradientAccumulator, gradientAccumulator } from "./gradients/gradient-accumulator.js";
export { gradientsOf, type LossAndGradients } from "./gradients/gradients.js";
export { withoutGradient } from "./gradients/without-gradient.js";
export { counted, grouped } from "./lines/grouped.js";
export { type LiveLine, type LiveLineOptions, liveLine, type Terminal } from "./lines/live-line.js";
export { prefixed } from "./lines/prefixed.js";
export { type TableOptions, table } from "./lines/table.js";
export { type AdditiveAngularMarginOptions, additiveAngularMargin } from "./losses/additive-angular-margin.js";
export { angularPrototypical } from "./losses/angular-prototypical.js";
export { type CrossEntropyOptions, crossEntropy } from "./losses/cross-entropy.js";
export { type CtcLabels, ctcFramesNeeded, ctcLoss, ctcPossible } from "./losses/ctc.js";
export { type Ge2eScores, ge2eScores, ge2eSoftmax } from "./losses/ge2e-softmax.js";
export { type InfoNceOptions, infoNce } from "./losses/info-nce.js";
export { ntXent } from "./losses/nt-xent.js";
export { sigreg } from "./losses/sigreg.js";
export { type Encoder, type Loss, lossOf, type Method, type Tensors } from "./method.js";
export { type MethodMetrics, type MethodMetricsOptions, methodMetrics } from "./metrics/method-metrics.js";
export {
  type DamagedLine,
  type MetricsLog,
  type MetricsLogOptions,
  type MetricsRecord,
  openMetricsLog,
} from "./metrics/metrics-log.js";
export { openTensorboardLog, type TensorboardLog, type TensorboardLogOptions } from "./metrics/tensorboard-log.js";
export { type BatchNormOptions, batchNorm } from "./modules/batch-norm.js";
export { chanceKey } from "./modules/chance-key.js";
export { type Conv1dOptions, conv1d, convolve1d } from "./modules/conv1d.js";
export { type Conv2dOptions, conv2d, type Sides } from "./modules/conv2d.js";
export { copyInto } from "./modules/copy-into.js";
export { dropPath } from "./modules/drop-path.js";
export { dropout } from "./modules/dropout.js";
export { type EmbeddingOptions, embedding } from "./modules/embedding.js";
export { type GroupNormOptions, groupNorm } from "./modules/group-norm.js";
export {
  type Initializer,
  kaimingNormalFanOut,
  kaimingUniform,
  normalValues,
  oneValues,
  uniformValues,
  xavierUniform,
  zeroValues,
} from "./modules/initializers.js";
export { jointLinear } from "./modules/joint-linear.js";
export { type LayerNormOptions, layerNorm } from "./modules/layer-norm.js";
export { type LinearOptions, linear } from "./modules/linear.js";
export { type MlpOptions, mlp } from "./modules/mlp.js";
export { isTraining, training } from "./modules/mode.js";
export { defineModule, type Module, type ModuleParts, type Named, namedVariables } from "./modules/module.js";
export { moveTowards } from "./modules/move-towards.js";
export {
  type MultiHeadAttentionOptions,
  multiHeadAttention,
  type SelfAttention,
} from "./modules/multi-head-attention.js";
export { buffer, filledParameter, parameter } from "./modules/parameter.js";
export { parameterCount } from "./modules/parameter-count.js";
export { type Queue, queue } from "./modules/queue.js";
export { risingMomentum } from "./modules/rising-momentum.js";
export { type Layer, sequential } from "./modules/sequential.js";
export { type TransformerBlockOptions, transformerBlock } from "./modules/transformer-block.js";
export { twin } from "./modules/twin.js";
export { type VitLayerSizes, vitLayer } from "./modules/vit-layer.js";
export {
  besideOnnx,
  folderOfOnnx,
  type OnnxEncoder,
  type OnnxEncoderOptions,
  onnxFiles,
  onnxHash,
  openOnnxEncoder,
} from "./onnx/onnx-encoder.js";
export { type Pooling, type PoolOptions, pooledStates, poolings, type States } from "./onnx/pooled-states.js";
export { type AdamWOptions, adamW } from "./optimizers/adamw.js";
export { type LarsOptions, lars } from "./optimizers/lars.js";
export type { Optimizer, ParameterGroup } from "./optimizers/optimizer.js";
export { parameterGroups } from "./optimizers/parameter-groups.js";
export {
  type OptimizerName,
  optimizerNames,
  type PretrainingOptimizerOptions,
  pretrainingOptimizer,
} from "./optimizers/pretraining-optimizer.js";
export { type SgdOptions, sgd } from "./optimizers/sgd.js";
export { decodeIndexPng, type IndexPicture } from "./pictures/index-picture.js";
export { encodePng, type Picture } from "./pictures/picture.js";
export { type StoredPicture, storedPictures } from "./pictures/picture-folder.js";
export { pictureOf } from "./pictures/picture-of.js";
export { type Preview, preview } from "./pictures/preview.js";
export {
  type ClassifyOptions,
  classify,
  type PredictedAnswer,
  type PredictedBoxes,
  type PredictedClass,
  type PredictedMask,
  type Prediction,
} from "./predictions/prediction.js";
export { predictionTable } from "./predictions/prediction-table.js";
export { topOf } from "./predictions/top-of.js";
export { createRandom, type Random, type RandomState, restoreRandom } from "./random.js";
export {
  type CollapseWatch,
  type CollapseWatchOptions,
  collapseWatch,
  isCollapsed,
  type Spread,
} from "./rank/collapse-watch.js";
export { effectiveRank, effectiveRankOf, expEntropy } from "./rank/effective-rank.js";
export { embeddingStandardDeviation } from "./rank/embedding-standard-deviation.js";
export { singularValues } from "./rank/singular-values.js";
export { loadEncoderWeights, type SaveEncoderOptions, saveEncoder } from "./run/encoder-files.js";
export { fineTunedIn } from "./run/fine-tuned-in.js";
export { type FollowMetricsOptions, followMetrics, type MetricsNews } from "./run/follow-metrics.js";
export { appendLine, type NumberedLine, readLines } from "./run/line-file.js";
export { listRuns, type RunList, type RunListing, type UnreadableRun } from "./run/list-runs.js";
export { type MetricsSince, metricsSince } from "./run/metrics-since.js";
export { readMetrics } from "./run/read-metrics.js";
export { createRun, openRun, type Run, type RunConfig, type RunFolder, readRun } from "./run/run.js";
export type { RunLog } from "./run/run-log.js";
export { type RunEnding, type RunState, runState } from "./run/run-state.js";
export { tellUnfinished } from "./run/tell-unfinished.js";
export { readTrainedRun, type TrainedRun } from "./run/trained-run.js";
export { Interrupted, interrupt, type SignalWatch, watchSignals } from "./run/watch-signals.js";
export { weightsHash } from "./run/weights-hash.js";
export { assertFinite } from "./safetensors/assert-finite.js";
export {
  decodeSafetensors,
  describeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  type StoredTensors,
  writeSafetensors,
} from "./safetensors/file.js";
export { openWeights, type WeightsFiles } from "./safetensors/open-weights.js";
export {
  type ElementType,
  floatsOf,
  integersOf,
  type StoredTensor,
  storeBooleans,
  storeFloats,
  storeIntegers,
} from "./safetensors/stored-tensor.js";
export { storedUnder } from "./safetensors/stored-under.js";
export { type AssignOptions, assignVariables, storeVariables } from "./safetensors/variables.js";
export { constantSchedule } from "./schedules/constant-schedule.js";
export { type CosineScheduleOptions, cosineSchedule } from "./schedules/cosine-schedule.js";
export type { Schedule } from "./schedules/schedule.js";
export { type StepScheduleOptions, stepSchedule } from "./schedules/step-schedule.js";
export { type WarmupCosineScheduleOptions, warmupCosineSchedule } from "./schedules/warmup-cosine-schedule.js";
export { warmupSchedule } from "./schedules/warmup-schedule.js";
export { editDistance } from "./sequences/edit-distance.js";
export { FILE_BOUNDS, type JsonBounds, parseBounded } from "./tables/bounded-json.js";
export { type DialectOptions, dialectOf, type FoundDialect } from "./tables/csv-dialect.js";
export { csvRecords, type DelimitedOptions, decodeRecord, delimited } from "./tables/delimited.js";
export { jsonLines } from "./tables/json-lines.js";
export { decodeUtf8, type Line, type LinePart, lineParts, linesOf, NOT_UTF8 } from "./tables/lines.js";
export { assertColumn, listed, type Row } from "./tables/rows.js";
export { hashFiles, type SourceFile, type SourceFiles, sourceFiles } from "./tables/source-files.js";
export { canonicalEncoding, type DecodingOptions, EncodingError, utf8Pieces } from "./tables/text-encoding.js";
export { DamagedFileError } from "./tables/unpacked-pieces.js";
export { encodeTable, type TableColumn, type TableFormat, tableFormats } from "./tables/write-table.js";
export { type FineTuneOptions, fineTune } from "./train/fine-tune.js";
export type { ChanceLoss, Learner, Watched } from "./train/learner.js";
export { measurePace } from "./train/measure-pace.js";
export { type PretrainingEnd, type PretrainingOptions, pretrain } from "./train/pretrain.js";
export {
  describeFineTuning,
  describeProgress,
  duration,
  type FineTuningStage,
  type Progress,
} from "./train/progress.js";
export { releaseVariables } from "./train/release-variables.js";
export {
  beginRun,
  type Place,
  type RunPlan,
  type RunPretrainingOptions,
  runPretraining,
} from "./train/run-pretraining.js";
export { type Training, type TrainOptions, train } from "./train/train.js";
export type { TrainingReport } from "./train/training-report.js";
export type { Identity, TrainingState } from "./train/training-state.js";
export { UsageError } from "./usage-error.js";
export { version } from "./version.js";
