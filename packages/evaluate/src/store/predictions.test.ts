import { expect, it } from "vitest";
import { resultRecord } from "../record/record.js";
import { result } from "../testing/results.js";
import { predictionsOf, rightOf } from "./predictions.js";

const record = resultRecord(result);
const answer = (...labels: number[]) => ({ labels, truth: Int32Array.of(0, 1, 1) });
const answers = {
  encoder: [answer(0, 1, 0), answer(1, 1, 0)],
  rawFeatures: [answer(0, 0, 0)],
  randomInit: [answer(1, 1, 1)],
};

it("means right answers over seeds", () => {
  const told = predictionsOf(
    { record, examples: ["a.png", "b.png", "c.png"], answers },
    { colour: ["red", "red", "blue"] },
  );
  expect([...rightOf(told)]).toEqual([0.5, 1, 0]);
  expect([...rightOf(told, "randomInit")]).toEqual([0, 1, 1]);
  expect(told).toMatchObject({
    examples: ["a.png", "b.png", "c.png"],
    classes: ["0", "1"],
    groups: { colour: ["red", "red", "blue"] },
  });
});

it("copies no texts", () => {
  const text = resultRecord({ ...result, task: { ...result.task, modality: "text" } });
  const told = predictionsOf({ record: text, examples: ["a secret", "b", "a secret"], answers });
  expect(JSON.stringify(told)).not.toContain("secret");
  expect(told.examples[0]).toBe(told.examples[2]);
});
