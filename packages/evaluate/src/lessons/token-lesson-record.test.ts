import { createRandom } from "@autodidact/core";
import { expect, it } from "vitest";
import { circumstances } from "../testing/results.js";
import { describeTokenAnswer, type TokenLabels, tokenClasses, tokenLessonRecord } from "./token-lesson-record.js";

const told = { ...circumstances, settings: { epochs: 1 }, seeds: [0], random: createRandom(0) };
const data = (judged: TokenLabels["judged"]): TokenLabels => ({
  judged,
  labels: ["B-PER", "B-PLACE", "O"],
  train: [{ id: "1", labels: ["B-PER", "O"] }],
  test: [
    { id: "2", document: "a", labels: ["B-PER", "O"] },
    { id: "3", document: "a", labels: ["B-PLACE", "O"] },
  ],
});
const results = [
  {
    contender: "pretrained",
    labels: [
      ["B-PER", "O"],
      ["O", "O"],
    ],
  },
  {
    contender: "from scratch",
    labels: [
      ["O", "O"],
      ["O", "O"],
    ],
  },
] as const;

it("judges whole entities: one of two found, nothing said that is wrong", () => {
  const known = data("entities");
  expect(tokenClasses(known)).toEqual(["PER", "PLACE"]);
  expect(describeTokenAnswer(results[0], known)).toBe("F1 66.7 %"); // 2 · 1 · ½ / (1 + ½)
  const { scores, baselines } = tokenLessonRecord(results, known, told);
  expect(scores[0].value).toBeCloseTo(2 / 3, 10);
  expect(scores[0].perClass).toMatchObject([{ learnedFrom: 1 }, { learnedFrom: 0 }]);
  expect(baselines.fromScratch?.[0].value).toBe(0);
});

it("judges token by token: three of four right, two of them where all are O", () => {
  const known = data("tokens");
  expect(tokenClasses(known)).toEqual(known.labels);
  expect(describeTokenAnswer(results[0], known)).toBe("75.0 %");
  const { scores, baselines } = tokenLessonRecord(results, known, told);
  expect([scores[0].value, baselines.fromScratch?.[0].value]).toEqual([0.75, 0.5]);
});
