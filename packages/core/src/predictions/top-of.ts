/**
 * The likeliest classes, the surest boxes of a prediction.
 */
import type { Prediction } from "./prediction.js";

/** Answers and masks are left whole: they have one answer each. */
export function topOf(prediction: Prediction, top: number): Prediction {
  if (prediction.kind === "class") return { ...prediction, probabilities: prediction.probabilities.slice(0, top) };
  return prediction.kind === "boxes" ? { ...prediction, boxes: prediction.boxes.slice(0, top) } : prediction;
}
