export { type FeatureAugment, type SpecAugmentOptions, specAugment } from "./augment/spec-augment.js";
export { type VarySpeedOptions, varySpeed } from "./augment/vary-speed.js";
export { type WaveAugment, type WaveAugmentOptions, waveAugment } from "./augment/wave-augment.js";
export { type LabelledSoundsOptions, openLabelledSounds } from "./datasets/open-labelled-sounds.js";
export { type OpenSoundsOptions, openSounds } from "./datasets/open-sounds.js";
export type { SoundDataset, SoundOptions } from "./datasets/sound-dataset.js";
export {
  type SoundPartOptions,
  type SoundSurvey,
  type SurveySoundsOptions,
  surveySounds,
} from "./datasets/survey-sounds.js";
export type { FrameEncoder, SpeechEncoder } from "./encoders/speech-encoder.js";
export type { FrontEnd } from "./features/front-end.js";
export { type InspectSoundsOptions, inspectSounds, type SoundInspection } from "./inspect/inspect-sounds.js";
export { type ResampleOptions, resample } from "./resample.js";
export { type Sound, stackSounds } from "./sound.js";
export { type DecodeSoundOptions, decodeSound } from "./sound-files/decode-sound.js";
export { type SoundHeader, soundHeader } from "./sound-files/sound-header.js";
export { kindBytes, type SoundKind, soundKind } from "./sound-files/sound-kinds.js";
export { type MakeTrialsOptions, makeTrials } from "./trials/make-trials.js";
export { readTrials } from "./trials/read-trials.js";
export { type Trial, type TrialList, type TrialRows, trialList, trialRows } from "./trials/trial-list.js";
export { type TrimmedSound, type TrimSilenceOptions, trimSilence } from "./trim-silence.js";
