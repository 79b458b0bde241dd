export type { SoundDataset, SoundOptions } from "./datasets/sound-dataset.js";
export type { FrameEncoder, SpeechEncoder } from "./encoders/speech-encoder.js";
export { type Wav2vec2Encoder, wav2vec2, wav2vec2Base } from "./encoders/wav2vec2.js";
export type { Wav2vec2Options } from "./encoders/wav2vec2-config.js";
export type { FrontEnd } from "./features/front-end.js";
export { type Sound, stackSounds } from "./sound.js";
