import { expect, test } from "vitest";
import { counted } from "./grouped.js";

test.each([
  [1, "images", "1 image"],
  [1, "classes", "1 class"],
  [1, "batches", "1 batch"],
  [1, "boxes", "1 box"],
  [1, "other sizes", "1 other size"],
  [1, "bytes", "1 byte"],
  [0, "classes", "0 classes"],
  [2, "classes", "2 classes"],
  [1234, "texts", "1,234 texts"],
  [1, "speech", "1 speech"],
  [1, ".json files", "1 .json file"],
  [1, "rows without labels", "1 row without labels"],
  [1, "links to folders that are read already", "1 link to folders that are read already"],
  [2, "rows without a label", "2 rows without a label"],
])("%i %s is %s", (count, noun, told) => {
  expect(counted(count, noun)).toBe(told);
});
