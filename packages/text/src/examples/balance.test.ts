import { expect, it } from "vitest";
import { assertBothKinds } from "./balance.js";

it("pairs of one kind alone are refused", () => {
  expect(() => assertBothKinds({ kind: "next-sentence", labelCounts: [0, 50] })).toThrow(
    /next-sentence must have pairs of both kinds, got 0 that follow and 50 that are random\. .*masked-lm/,
  );
  expect(() => assertBothKinds({ kind: "sentence-order", labelCounts: [3, 0] })).toThrow("0 that are swapped");
  expect(() => assertBothKinds({ kind: "next-sentence", labelCounts: [1, 50] })).not.toThrow();
  expect(() => assertBothKinds({ kind: "blocks", labelCounts: undefined })).not.toThrow();
});
