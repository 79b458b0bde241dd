import { expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openQuestionTask } from "./open-question-task.js";

const folder = useTemporaryFolder();
/** Two questions a context. */
function questions(contexts: number): string {
  const paragraphs = Array.from({ length: contexts }, (_, i) => ({
    context: `It rains in town ${i}.`,
    qas: [0, 1].map((n) => ({
      id: `${i}-${n}`,
      question: "Where?",
      answers: [{ text: `town ${i}`, answer_start: 12 }],
    })),
  }));
  return JSON.stringify({ data: [{ paragraphs }] });
}

it("holds out the questions of every fifth context, or takes another file", async () => {
  const path = await folder.write("train.json", questions(7));
  const { train, test, isTestHeldOut } = await openQuestionTask(path);
  expect([test.map(({ id }) => id), train.length, isTestHeldOut]).toEqual([["4-0", "4-1"], 12, true]);
  const other = await openQuestionTask(path, { test: await folder.write("dev.json", questions(1)) });
  expect([other.train.length, other.test.length, other.isTestHeldOut]).toEqual([14, 2, false]);
});

it("wants five contexts to hold one out", async () => {
  const path = await folder.write("few.json", questions(4));
  await expect(openQuestionTask(path)).rejects.toThrow(
    "must have five contexts, so that a fifth can be held out, got 4",
  );
});
