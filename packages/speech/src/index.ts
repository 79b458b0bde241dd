export { type AamSoftmaxOptions, aamSoftmax, type LabelledCrops } from "./aam-softmax.js";
export { type FeatureAugment, type SpecAugmentOptions, specAugment } from "./augment/spec-augment.js";
export { type VarySpeedOptions, varySpeed } from "./augment/vary-speed.js";
export { type WaveAugment, type WaveAugmentOptions, waveAugment } from "./augment/wave-augment.js";
export { type BestRqOptions, bestRq, type NoisedFrames } from "./best-rq.js";
export { cropSounds } from "./crop-sounds.js";
export { type LabelledSoundsOptions, openLabelledSounds } from "./datasets/open-labelled-sounds.js";
export { type OpenSoundsOptions, openSounds } from "./datasets/open-sounds.js";
export {
  type FoundTranscripts,
  openTranscribedSounds,
  type TranscribedSoundsOptions,
} from "./datasets/open-transcribed-sounds.js";
export {
  type ExaminedSounds,
  type ExamineSoundsOptions,
  examineSounds,
  openPretrainSounds,
  type PretrainSounds,
  type SoundReading,
} from "./datasets/pretrain-sounds.js";
export { readSound } from "./datasets/read-sound.js";
export type { SoundDataset, SoundOptions } from "./datasets/sound-dataset.js";
export {
  type SoundPartOptions,
  type SoundSurvey,
  type SurveySoundsOptions,
  surveySounds,
} from "./datasets/survey-sounds.js";
export { alignLabels, type LabelSpan } from "./decoding/align-labels.js";
export type { FrameLogarithms } from "./decoding/frame-logarithms.js";
export { type DecodedLabels, greedyLabels, prefixBeamSearch } from "./decoding/prefix-beam-search.js";
export {
  type TranscribeOptions,
  type Transcriber,
  type Transcript,
  transcribe,
  transcriber,
} from "./decoding/transcribe.js";
export type { TranscribedWord } from "./decoding/words-in-time.js";
export { type AudioSpectrogramTransformer, ast, astBase } from "./encoders/ast.js";
export type { AstOptions } from "./encoders/ast-config.js";
export { astFromFolder, type LoadedAst } from "./encoders/ast-files.js";
export { type EcapaTdnnOptions, ecapaTdnn } from "./encoders/ecapa-tdnn.js";
export { encoderFromConfig } from "./encoders/encoder-from-config.js";
export { type FastResnet34Options, fastResnet34 } from "./encoders/fast-resnet34.js";
export {
  type FrameTransformer,
  type FrameTransformerOptions,
  frameTransformer,
  frameTransformerBase,
  frameTransformerSmall,
  frameTransformerTiny,
} from "./encoders/frame-transformer.js";
export { type LoadedSpeechEncoder, loadSpeechEncoder } from "./encoders/load-speech-encoder.js";
export {
  describeSpeechEncoder,
  makeSpeechEncoder,
  type SpeechEncoderChoice,
  type SpeechEncoderFamily,
  type SpeechEncoderName,
  type SpeechEncoderSettings,
  speechEncoderFamilies,
  speechEncoderFamily,
  speechEncoderSettings,
} from "./encoders/named-encoders.js";
export type { FrameEncoder, SpeechEncoder } from "./encoders/speech-encoder.js";
export { saveSpeechEncoder } from "./encoders/speech-encoder-files.js";
export { type Wav2vec2Encoder, wav2vec2, wav2vec2Base } from "./encoders/wav2vec2.js";
export type { Wav2vec2Options } from "./encoders/wav2vec2-config.js";
export { type LoadedWav2vec2, wav2vec2FromFolder } from "./encoders/wav2vec2-files.js";
export { type EmbedSoundsOptions, embedSounds } from "./features/embed-sounds.js";
export type { FrontEnd } from "./features/front-end.js";
export { frontEndFromConfig } from "./features/front-end-from-config.js";
export { encoderFrontEnd, type LogMelOptions, logMel } from "./features/log-mel.js";
export type { LogMelPreset } from "./features/log-mel-presets.js";
export { logMelStatistics } from "./features/log-mel-statistics.js";
export { type MfccOptions, mfcc } from "./features/mfcc.js";
export { audiosetNormalization, type Normalization } from "./features/normalize-frames.js";
export { hasLayers, type SoundFeaturesOptions, soundFeatures } from "./features/sound-features.js";
export { type SpeakerEmbeddingsOptions, speakerEmbeddings } from "./features/speaker-embeddings.js";
export { type Verdict, verify } from "./features/verify.js";
export {
  type CharacterVocabulary,
  type CharacterVocabularyOptions,
  characterVocabulary,
  readVocabulary,
  vocabularyOf,
} from "./finetuning/character-vocabulary.js";
export { type CtcModel, type CtcModelOptions, ctcModel } from "./finetuning/ctc-model.js";
export { loadCtcModel, saveCtcModel } from "./finetuning/ctc-model-files.js";
export {
  type CtcBatch,
  type CtcTrainingOptions,
  ctcTraining,
  fittingUtterances,
  type TooShort,
  type Utterance,
} from "./finetuning/ctc-training.js";
export {
  type CtcContender,
  type CtcProgress,
  ctcContenders,
  type FineTuneCtcOptions,
  type FineTunedCtc,
  fineTuneCtc,
  type TranscribedData,
} from "./finetuning/fine-tune-ctc.js";
export { type UtteranceLengthsOptions, utteranceLengths } from "./finetuning/utterance-lengths.js";
export { type Ge2eOptions, ge2e, type SpokenCrops } from "./ge2e.js";
export { type InspectSoundsOptions, inspectSounds, type SoundInspection } from "./inspect/inspect-sounds.js";
export { type NearestSoundsOptions, nearestSounds } from "./inspect/nearest-sounds.js";
export { speechIn } from "./inspect/speech-in.js";
export { type MaskedFrames, type MaskedFramesOptions, maskedFrames } from "./masked-frames.js";
export { drawFrameMasks, type FrameMaskOptions, type FrameMasks } from "./masking/mask-frames.js";
export { type ResampleOptions, resample } from "./resample.js";
export { type Sound, stackSounds } from "./sound.js";
export { type DecodeSoundOptions, decodeSound } from "./sound-files/decode-sound.js";
export { type SoundHeader, soundHeader } from "./sound-files/sound-header.js";
export { kindBytes, type SoundKind, soundKind } from "./sound-files/sound-kinds.js";
export { type SpeakerContrastiveOptions, speakerContrastive, type TwoCrops } from "./speaker-contrastive.js";
export type { CropOptions, Crops } from "./speaker-crops.js";
export { type SpeechLearnerOptions, speechLearner } from "./speech-learner.js";
export { type DrawTrialsOptions, drawTrials, type SpokenDataset } from "./trials/draw-trials.js";
export { heardBefore } from "./trials/heard-before.js";
export { type MakeTrialsOptions, makeTrials } from "./trials/make-trials.js";
export { readTrials } from "./trials/read-trials.js";
export { type ExamineSpeakersOptions, type SpokenTrials, speakerContenders } from "./trials/speaker-contenders.js";
export { type Trial, type TrialList, type TrialRows, trialList, trialRows } from "./trials/trial-list.js";
export { type TrimmedSound, type TrimSilenceOptions, trimSilence } from "./trim-silence.js";
export { type MaskedWaves, type Wav2vecOptions, wav2vec } from "./wav2vec.js";
