export { aamSoftmax } from "./aam-softmax.js";
export { bestRq } from "./best-rq.js";
export { ge2e } from "./ge2e.js";
export { maskedFrames } from "./masked-frames.js";
export { speakerContrastive } from "./speaker-contrastive.js";
export { wav2vec } from "./wav2vec.js";
