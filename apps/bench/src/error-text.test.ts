import { expect, it } from "vitest";
import { errorText } from "./error-text.js";

it.each([
  ["openLabelledImages: photos must hold a folder named train.", "photos must hold a folder named train."],
  ["train: the checkpoint must be of the same run.", "train: the checkpoint must be of the same run."],
  ["catA/1.png: is cut off", "catA/1.png: is cut off"],
  ["myPhotos must exist: openImages: it does not", "myPhotos must exist: openImages: it does not"],
  ["loader: Restore the data, or pass force: true.", "Restore the data, or add --force."],
  [
    "an epoch must hold a batch, got 3 samples and batchSize 4. Lower batchSize, or set dropLast to false.",
    "an epoch must hold a batch, got 3 samples and --batch-size 4. Lower --batch-size.",
  ],
])("%s", (message, told) => {
  expect(errorText(message)).toBe(told);
});
