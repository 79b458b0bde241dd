export { cropSounds } from "./crop-sounds.js";
export type { SoundDataset, SoundOptions } from "./datasets/sound-dataset.js";
export { encoderFromConfig } from "./encoders/encoder-from-config.js";
export {
  type FrameTransformer,
  type FrameTransformerOptions,
  frameTransformer,
  frameTransformerBase,
  frameTransformerSmall,
  frameTransformerTiny,
} from "./encoders/frame-transformer.js";
export { type LoadedSpeechEncoder, loadSpeechEncoder } from "./encoders/load-speech-encoder.js";
export type { FrameEncoder, SpeechEncoder } from "./encoders/speech-encoder.js";
export { saveSpeechEncoder } from "./encoders/speech-encoder-files.js";
export type { FrontEnd } from "./features/front-end.js";
export { frontEndFromConfig } from "./features/front-end-from-config.js";
export { encoderFrontEnd, type LogMelOptions, logMel } from "./features/log-mel.js";
export type { LogMelPreset } from "./features/log-mel-presets.js";
export { logMelStatistics } from "./features/log-mel-statistics.js";
export { type MfccOptions, mfcc } from "./features/mfcc.js";
export { audiosetNormalization, type Normalization } from "./features/normalize-frames.js";
export { type SoundFeaturesOptions, soundFeatures } from "./features/sound-features.js";
export { type Sound, stackSounds } from "./sound.js";
