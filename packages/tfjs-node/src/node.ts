/** `tf.node`: what tfjs-node has beside TensorFlow.js. */
import { decodeBmp, decodeGif, decodeImage, decodeJpeg, decodePng } from "./images/decode-image.js";
import { encodeJpeg, encodePng } from "./images/encode-image.js";
import { getMetaGraphsFromSavedModel, getNumOfSavedModels, loadSavedModel } from "./saved-model.js";
import { summaryFileWriter } from "./tensorboard/summary-file-writer.js";
import { tensorBoard } from "./tensorboard/tensorboard-callback.js";

export const node = {
  decodeImage,
  decodeBmp,
  decodeGif,
  decodePng,
  decodeJpeg,
  encodeJpeg,
  encodePng,
  summaryFileWriter,
  tensorBoard,
  getMetaGraphsFromSavedModel,
  getNumOfSavedModels,
  loadSavedModel,
};
