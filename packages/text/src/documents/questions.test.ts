import { expect, test } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { readQuestions } from "./questions.js";

const folder = useTemporaryFolder();

const context = "🙂 Ada Lovelace wrote the first program in 1843.";

function squad(...qas: (object | null)[]): string {
  return JSON.stringify({ version: "v2.0", data: [{ title: "Ada", paragraphs: [{ context, qas }] }] });
}

test("answers are placed in UTF-16 units, where the file counts code points", async () => {
  const path = await folder.write(
    "squad.json",
    squad(
      {
        id: "1",
        question: "Who?",
        answers: [
          { text: "Ada Lovelace", answer_start: 2 },
          { text: "Ada", answer_start: 2 },
        ],
      },
      { id: "2", question: "Why?", answers: [], is_impossible: true },
    ),
  );
  const questions = await readQuestions(path);
  expect(questions).toEqual([
    {
      id: "1",
      context,
      question: "Who?",
      answers: [
        { text: "Ada Lovelace", start: 3 },
        { text: "Ada", start: 3 },
      ],
    },
    { id: "2", context, question: "Why?", answers: [] },
  ]);
  const [answer] = questions[0]!.answers;
  expect(context.slice(answer!.start, answer!.start + answer!.text.length)).toBe("Ada Lovelace");
});

test("an answer that is not at its place is told, or passed over where few are", async () => {
  const good = { id: "1", question: "When?", answers: [{ text: "1843", answer_start: 42 }] };
  const wrong = { id: "2", question: "When?", answers: [{ text: "1843", answer_start: 3 }] };
  const path = await folder.write("wrong.json", squad(good, wrong));
  await expect(readQuestions(path, { maxCorrupt: 0 })).rejects.toThrow("2: the context must have “1843” at its place");
  expect((await readQuestions(path, { maxCorrupt: 0.5 })).map(({ id }) => id)).toEqual(["1"]);
});

test("another form is told with its place", async () => {
  const path = await folder.write("form.json", '{"data":{}}');
  await expect(readQuestions(path)).rejects.toThrow(/must be as SQuAD's files are.*\n[\s\S]*data/);
  await expect(readQuestions(await folder.write("cut.json", '{"data":['))).rejects.toThrow("cannot be read as JSON");
  await expect(readQuestions(folder.path("no.json"))).rejects.toThrow("ENOENT");
  await expect(readQuestions(await folder.write("none.json", '{"data":[]}'))).rejects.toThrow(
    "must hold questions, got none",
  );
});

test("numbers are ids; what one question lacks harms it alone, and is told with its id or place", async () => {
  const good = { id: 17, question: "When?", answers: [{ text: "1843", answer_start: 42, extra: [] }], extra: 1 };
  const bad = [
    { ...good, id: "minus", answers: [{ text: "1843", answer_start: -1 }] },
    { ...good, id: 18, answers: [{ text: "", answer_start: 42 }] },
    { question: "When?", answers: [] },
    null,
  ];
  const met: string[] = [];
  const onCorrupt = ({ message }: Error) => met.push(message);
  const path = await folder.write("some.json", squad(good, ...bad, { ...good, id: "last", is_impossible: null }));
  expect((await readQuestions(path, { onCorrupt, maxCorrupt: 4 })).map(({ id }) => id)).toEqual(["17", "last"]);
  expect(met).toEqual([
    expect.stringMatching(/^minus: answers\.0\.answer_start: /),
    expect.stringMatching(/^18: answers\.0\.text: /),
    expect.stringMatching(/^data\[0\]\.paragraphs\[0\]\.qas\[3\]: id: /),
    expect.stringMatching(/^data\[0\]\.paragraphs\[0\]\.qas\[4\]: it: /),
  ]);
});

test("an empty context asks nothing, and harms its own questions", async () => {
  const qa = { id: "1", question: "When?", answers: [{ text: "1843", answer_start: 42 }] };
  const paragraphs = [
    { context: "", qas: [{ ...qa, id: "2", answers: [] }] },
    { context, qas: [qa] },
  ];
  const path = await folder.write("contexts.json", JSON.stringify({ data: [{ paragraphs }] }));
  const met: string[] = [];
  const questions = await readQuestions(path, { onCorrupt: ({ message }) => met.push(message) });
  expect([questions.map(({ id }) => id), met]).toEqual([["1"], [expect.stringMatching(/paragraphs\[0\]: context/)]]);
});

test("questions that are only to be asked may come without answers", async () => {
  const path = await folder.write(
    "asked.json",
    JSON.stringify({
      data: [{ paragraphs: [{ context: "Emma was written in 1815.", qas: [{ id: 7, question: "When?" }] }] }],
    }),
  );
  expect(await readQuestions(path, { mayLackAnswers: true })).toEqual([
    { id: "7", context: "Emma was written in 1815.", question: "When?", answers: [] },
  ]);
  await expect(readQuestions(path)).rejects.toThrow("answers");
});
