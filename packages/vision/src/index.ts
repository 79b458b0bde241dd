export type { ContentsOptions, Layout } from "@autodidact/core";
export type { Augment, Crops } from "./augment/augment.js";
export { colorJitter, drawJitter, type JitterChances } from "./augment/color-jitter.js";
export { drawGray, grayscale } from "./augment/grayscale.js";
export { measureStatistics } from "./augment/measure-statistics.js";
export { type AugmentPreset, augmentPresets, presetAugment, stemOf, usualPreset } from "./augment/preset-augment.js";
export type { Jitter } from "./augment/recolor.js";
export { type SimclrAugmentOptions, simclrAugment } from "./augment/simclr-augment.js";
export { simclrCifar10, simclrDigits, simclrImagenet } from "./augment/simclr-presets.js";
export {
  cifar10Statistics,
  imagenetStatistics,
  mnistStatistics,
  type PixelStatistics,
  standardize,
} from "./augment/standardize.js";
export { type ByolOptions, byol } from "./byol.js";
export { type CifarOptions, cifarBinary } from "./datasets/cifar-binary.js";
export { type DecodeOptions, decodeImage, fitImage, type ImageHeader } from "./datasets/decode-image.js";
export type { DenseData, DensePart, DenseReading } from "./datasets/dense-parts.js";
export { type IdxOptions, idx } from "./datasets/idx.js";
export type { ImageDataset, ImageOptions } from "./datasets/image-dataset.js";
export { imageFolder } from "./datasets/image-folder.js";
export { readableFormats, whyNotRead } from "./datasets/image-formats.js";
export { describeImageSizes, type ImageSizes, type ImageSizesOptions, imageSizes } from "./datasets/image-sizes.js";
export { openImages } from "./datasets/open-images.js";
export { type LabelledImagesOptions, openLabelledImages } from "./datasets/open-labelled-images.js";
export {
  type ExaminedImages,
  type ExamineImagesOptions,
  examineImages,
  openPretrainImages,
  type PretrainImages,
} from "./datasets/pretrain-images.js";
export { type ReadImages, type ReadImagesOptions, readImages } from "./datasets/read-images.js";
export { type Stored, storedSize } from "./datasets/stored-size.js";
export { type ImageSurvey, type PartOptions, type SurveyOptions, surveyImages } from "./datasets/survey-images.js";
export { tarShards } from "./datasets/tar-shards.js";
export {
  decodeWholeImage,
  type ReadWholeImagesOptions,
  readWholeImages,
  type WholeImage,
} from "./datasets/whole-image.js";
export { describeWindow, type Window } from "./datasets/window.js";
export type { Box, TrueBox } from "./detection/coco-file.js";
export { decodeCentres, type FoundBox } from "./detection/decode-centres.js";
export {
  type Detector,
  detectBoxes,
  detection,
  detector,
  type LoadedDetector,
  loadDetector,
} from "./detection/detector.js";
export { type DetectionAnswer, fineTuneDetection } from "./detection/fine-tune-detection.js";
export {
  type BoxedImage,
  type DetectionData,
  type DetectionOptions,
  openDetection,
} from "./detection/open-detection.js";
export { type DinoOptions, dino, type ManyCrops } from "./dino.js";
export { encoderFromConfig } from "./encoders/encoder-from-config.js";
export { encoderOfWeights } from "./encoders/encoder-of-weights.js";
export { type FeatureMaps, type FeatureMapsOptions, featureMaps } from "./encoders/feature-maps.js";
export {
  type ImagePreprocessing,
  readPreprocessing,
  saveImageEncoder,
  writePreprocessing,
} from "./encoders/image-encoder-files.js";
export { beginFrom, type InitialEncoder } from "./encoders/initial-encoder.js";
export {
  describeTaken,
  type InitialWeights,
  openInitialWeights,
  type TakenWeights,
  takeInitialWeights,
} from "./encoders/initial-weights.js";
export { type EncoderLayer, type LayeredEncoder, upToLayer } from "./encoders/layers.js";
export {
  type LoadedImageEncoder,
  type LoadImageEncoderOptions,
  loadImageEncoder,
} from "./encoders/load-image-encoder.js";
export {
  type AskedOfEncoder,
  describeEncoder,
  type EncoderChoice,
  type EncoderFamily,
  type EncoderPlace,
  type EncoderSettings,
  encoderFamilies,
  encoderFamily,
  encoderSettings,
  makeEncoder,
} from "./encoders/named-encoders.js";
export {
  type ResidualNetwork,
  type ResnetDepth,
  type ResnetOptions,
  resnet,
  resnet18,
  resnet34,
  resnet50,
} from "./encoders/resnet.js";
export { type VisionTransformer, vit, vitBase, vitSmall, vitTiny } from "./encoders/vit.js";
export type { VitOptions } from "./encoders/vit-config.js";
export { type EmbedImagesOptions, embedImages } from "./features/embed-images.js";
export { type ImageFeaturesOptions, imageFeatures, standardized } from "./features/image-features.js";
export { rawPixels } from "./features/raw-pixels.js";
export { type DenseModel, saveDenseModel } from "./finetuning/dense-model.js";
export type { FineTuneDenseOptions, FineTunedDense } from "./finetuning/fine-tune-dense.js";
export {
  type FineTunedImages,
  type FineTuneImagesOptions,
  fineTuneImages,
  type ImageFineTuningProgress,
} from "./finetuning/fine-tune-images.js";
export {
  classifyImages,
  type ImageClassifier,
  imageClassification,
  imageClassifier,
  type LoadedImageClassifier,
  loadImageClassifier,
  saveImageClassifier,
} from "./finetuning/image-classifier.js";
export { layerRates } from "./finetuning/layer-rates.js";
export { bytesOf, type Image, type Pixels, stackImages } from "./image.js";
export { type ImageLearnerOptions, imageLearner } from "./image-learner.js";
export { type InspectImagesOptions, inspectImages } from "./inspect/inspect-images.js";
export { type NearestImages, type NearestImagesOptions, nearestImages } from "./inspect/nearest-images.js";
export { type JigsawOptions, jigsaw, type ShuffledTiles } from "./jigsaw.js";
export { type LejepaOptions, lejepa, type ManyViews } from "./lejepa.js";
export { type MaeOptions, type MaskedImages, mae } from "./mae.js";
export { type MocoOptions, moco, type ShuffledViews } from "./moco.js";
export { type MocoV3Options, mocoV3 } from "./moco-v3.js";
export type { AskedImages, PredictImagesOptions } from "./predictions/asked-images.js";
export { predictImages } from "./predictions/predict-images.js";
export { type OneView, rotation } from "./rotation.js";
export { type DenseProbeOptions, type FrozenMaps, probeMasks } from "./segmentation/dense-probe.js";
export { fineTuneSegmentation, type MaskAnswer, pixelCounts } from "./segmentation/fine-tune-segmentation.js";
export { maskFile } from "./segmentation/mask-file.js";
export {
  type MaskedImage,
  openSegmentation,
  type SegmentationData,
  type SegmentationOptions,
} from "./segmentation/open-segmentation.js";
export {
  type LoadedSegmenter,
  loadSegmenter,
  type Segmenter,
  segmentation,
  segmenter,
  segmentImages,
} from "./segmentation/segmenter.js";
export { type SimclrOptions, simclr, type TwoViews } from "./simclr.js";
export { type VicregOptions, vicreg } from "./vicreg.js";
