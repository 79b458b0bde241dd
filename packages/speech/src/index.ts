export type { SoundDataset, SoundOptions } from "./datasets/sound-dataset.js";
export type { FrameEncoder, SpeechEncoder } from "./encoders/speech-encoder.js";
export type { FrontEnd } from "./features/front-end.js";
export { type Sound, stackSounds } from "./sound.js";
