/**
 * Rotation's card.
 */
import { rotation as method } from "../rotation.js";
import { imageMethod } from "./image-card.js";

export const rotation = imageMethod({
  name: "rotation",
  summary: "tells by how many quarter turns an image was turned",
  options: {},
  // The authors shift and mirror images, and change no colours; views that are turned already would ask the impossible.
  usual: { cropArea: [0.6, 1], jitterStrength: 0, grayProbability: 0, blurProbability: 0, rotationDegrees: 0 },
  rates: { sgd: { learningRate: 0.2, weightDecay: 5e-4 } }, // theirs for CIFAR-10: 0.1 for 128 images
  chance: () => ({ loss: Math.log(4), is: "ln 4" }),
  make: ({ encoder, augment, random }) => method(encoder, augment, random),
});
