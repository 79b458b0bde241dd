import {
  adamW,
  assignVariables,
  createRandom,
  gradientsOf,
  lossOf,
  namedVariables,
  parameterGroups,
} from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { cast, equal, mul, scalar, type Tensor1D, type Tensor2D, tensor2d, tidy, where } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import type { Question } from "../documents/questions.js";
import { bertForMaskedLM } from "../models/bert.js";
import { gpt2LMHeadModel } from "../models/gpt2.js";
import { saveTextModel } from "../models/text-model-files.js";
import { textModelFromConfig } from "../models/text-model-from-config.js";
import { expectClose, expectLossAndGradients, readOracle } from "../testing/oracle.js";
import { smallBert, smallGpt2 } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { answerQuestions, questionAnswering } from "./question-answering.js";
import { loadQuestionModel, type QuestionModel, questionModel } from "./question-model.js";
import { questionWindows } from "./question-windows.js";
import { squadScores } from "./squad-scores.js";

const tokenizer = toyTokenizer(23);
const here = useTemporaryFolder();

/** What stands after the token asked for. */
const questions: Question[] = [9, 12, 7, 15, 10, 6].map((asked, n) => {
  const tokens = [5, 8, asked, 17 + (n % 4), 11, 20];
  const context = tokens.join(" ");
  const text = String(tokens[3]);
  return {
    id: `q${n}`,
    question: String(asked),
    context,
    answers: [{ text, start: context.indexOf(` ${text} `) + 1 }],
  };
});

beforeAll(useTestBackend);

describe("questionModel", () => {
  it("computes Hugging Face's scores, loss and gradients", async () => {
    const oracle = await readOracle("bert-answers");
    const model = questionModel(
      textModelFromConfig(oracle.config, createRandom(0), { heads: "tokens" }),
      createRandom(1),
    );
    assignVariables(model.parameters, oracle.group("weights"), { from: "bert-answers" });
    const batch = {
      ids: oracle.tensor<Tensor2D>("batch.ids"),
      tokenTypes: oracle.tensor<Tensor2D>("batch.tokenTypes"),
      start: oracle.tensor<Tensor1D>("batch.start"),
      end: oracle.tensor<Tensor1D>("batch.end"),
    };
    tidy(() => {
      const { starts, ends } = model.mark(batch);
      expectClose(starts, oracle.numbers("output.starts"), 1e-4, "starts");
      expectClose(ends, oracle.numbers("output.ends"), 1e-4, "ends");
    });
    expectLossAndGradients(() => lossOf(questionAnswering(model, tokenizer).loss(batch)), model.parameters, oracle);
  });

  it("is read back, and not made of GPT-2", async () => {
    const model = smallModel();
    await saveTextModel(model, tokenizer.files, here.path("model"));
    const again = await loadQuestionModel(here.path("model"), createRandom(7));
    expect(await answerQuestions(again, tokenizer, questions)).toEqual(
      await answerQuestions(model, tokenizer, questions),
    );
    expect(() => questionModel(gpt2LMHeadModel(smallGpt2, createRandom(1)), createRandom(1))).toThrow("GPT-2 does not");
    await saveTextModel(bertForMaskedLM(smallBert, createRandom(1)), tokenizer.files, here.path("plain"));
    await expect(loadQuestionModel(here.path("plain"), createRandom(1))).rejects.toThrow("qa_outputs.weight");
  });
});

describe("questionAnswering", () => {
  const suite = methodSuite({
    make: (random) => questionAnswering(smallModel(random), tokenizer),
    samples: questions.flatMap((question) => questionWindows(question, tokenizer, { length: 16 })),
    inputs: () =>
      tensor2d(
        questions.map(({ context }) => context.split(" ").map(Number)),
        undefined,
        "int32",
      ),
  });
  for (const { name, run } of suite) test(name, run);

  it("learns where the answers of a made-up set stand", async () => {
    const model = smallModel();
    const method = questionAnswering(model, tokenizer);
    const parameters = namedVariables(method.learned, "parameters");
    const optimizer = adamW(parameterGroups(parameters, { weightDecay: 0 }));
    const batch = method.draw(
      questions.flatMap((question) => questionWindows(question, tokenizer)),
      createRandom(1),
    );
    const references = questions.map(({ id, answers }) => ({ id, answers: answers.map(({ text }) => text) }));
    const measure = async () => squadScores(await answerQuestions(model, tokenizer, questions), references);
    const before = await measure();
    for (let step = 0; step < 60; step += 1) {
      tidy(() => {
        const { gradients } = gradientsOf(() => method.loss(batch), parameters);
        optimizer.step(gradients, scalar(0.02));
      });
    }
    expect(before.exactMatch).toBeLessThan(50);
    expect(await measure()).toEqual({ exactMatch: 100, f1: 100, questions: 6 });
  });
});

describe("questionWindows", () => {
  const placesOf = (question: Question, options: object) =>
    questionWindows(question, tokenizer, options).map(({ ids, firstLength, start, end }) => ({
      ids: [...ids],
      firstLength,
      start,
      end,
    }));

  it("puts the question before the context and marks the answer's tokens", () => {
    expect(placesOf(questions[0]!, { length: 16 })).toEqual([
      { ids: [2, 9, 3, 5, 8, 9, 17, 11, 20, 3], firstLength: 3, start: 6, end: 6 },
    ]);
  });

  it("cuts a long context into parts that overlap, and marks [CLS] where a part has not all of the answer", () => {
    const question = { ...questions[0]!, answers: [{ text: "9 17", start: 4 }] };
    expect(placesOf(question, { length: 7, stride: 2 })).toEqual([
      { ids: [2, 9, 3, 5, 8, 9, 3], firstLength: 3, start: 0, end: 0 },
      { ids: [2, 9, 3, 9, 17, 11, 3], firstLength: 3, start: 3, end: 4 },
      { ids: [2, 9, 3, 11, 20, 3], firstLength: 3, start: 0, end: 0 },
    ]);
    expect(() => placesOf(question, { length: 4 })).toThrow("must leave room for the context");
  });

  it("marks [CLS] where there is no answer", () => {
    expect(placesOf({ ...questions[0]!, answers: [] }, {})[0]).toMatchObject({ start: 0, end: 0 });
  });
});

describe("answerQuestions", () => {
  /** Marks tokens by their ids alone: 17 as first, 20 as last. */
  const marking = (first: number, last: number): QuestionModel => ({
    ...smallModel(),
    mark: ({ ids }) => {
      const scores = (wanted: number) =>
        where(equal(ids, scalar(wanted, "int32")), 9, mul(cast(ids, "float32"), -0.1)) as Tensor2D;
      return { starts: scores(first), ends: scores(last) };
    },
  });
  const ask = (model: QuestionModel, options = {}) => answerQuestions(model, tokenizer, [questions[0]!], options); // 5 8 9 17 11 20

  it("gives the text from the first to the last token, as it stands", async () => {
    expect([...(await ask(marking(17, 20)))]).toEqual([["q0", "17 11 20"]]);
    const spaced = { ...questions[0]!, context: "5 8,  9 (17\n11)  20 ." };
    const [answer] = [...(await answerQuestions(marking(8, 11), tokenizer, [spaced])).values()];
    expect(answer).toBe("8,  9 (17\n11");
  });

  it("keeps the order and the length of an answer", async () => {
    expect((await ask(marking(17, 8))).get("q0")).toBe("5 8"); // −0.5 + 9; from 17 back to 8 would be 18, 17 to 11 is 9 − 1.1
    expect((await ask(marking(5, 20), { answerLength: 2 })).get("q0")).not.toContain("9");
  });

  it("finds the answer in whichever part of the context it is", async () => {
    expect((await ask(marking(17, 11), { length: 7, stride: 2 })).get("q0")).toBe("17 11");
  });

  it("says nothing only where it may, and [CLS] is likelier", async () => {
    expect((await ask(marking(2, 2), { mayBeNone: true })).get("q0")).toBe("");
    expect((await ask(marking(2, 2))).get("q0")).not.toBe("");
    expect((await ask(marking(17, 17), { mayBeNone: true })).get("q0")).toBe("17");
  });
});

function smallModel(random = createRandom(1)): QuestionModel {
  return questionModel(bertForMaskedLM(smallBert, random), random.split("head"));
}
