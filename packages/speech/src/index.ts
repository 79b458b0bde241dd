export type { SoundDataset, SoundOptions } from "./datasets/sound-dataset.js";
export type { FrameEncoder, SpeechEncoder } from "./encoders/speech-encoder.js";
export type { FrontEnd } from "./features/front-end.js";
export { type ResampleOptions, resample } from "./resample.js";
export { type Sound, stackSounds } from "./sound.js";
export { type DecodeSoundOptions, decodeSound } from "./sound-files/decode-sound.js";
export { type SoundHeader, soundHeader } from "./sound-files/sound-header.js";
export { kindBytes, type SoundKind, soundKind } from "./sound-files/sound-kinds.js";
