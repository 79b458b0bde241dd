import { chooseEngine, createRandom, type Prediction } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fineTuneClasses } from "../finetuning/fine-tune-classes.js";
import { bertForMaskedLM } from "../models/bert.js";
import { saveTextModel } from "../models/text-model-files.js";
import { smallBert } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { trainCharacters } from "../tokenizer/train-characters.js";
import type { AskedTexts } from "./asked-texts.js";
import { predictTexts } from "./predict-texts.js";

const folder = useTemporaryFolder();
const specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
beforeAll(async () => {
  await chooseEngine({ engine: "onnx" });
  const tokenizer = createTokenizer(await trainCharacters(["abcd ?"], { specialTokens }));
  const model = bertForMaskedLM({ ...smallBert, vocab_size: tokenizer.vocabularySize }, createRandom(1));
  await saveTextModel(model, tokenizer.files, folder.path("model"));
  const examples = ["aa", "bb", "ac", "bc"];
  const part = { examples, labels: Int32Array.from([0, 1, 0, 1]), hash: "sha256:" };
  const data = { classes: ["a", "b"], train: part, test: part, isTestHeldOut: false };
  const learning = { epochs: 1, batchSize: 4, learningRate: 0.02, out: folder.path("classifier") };
  for await (const _ of fineTuneClasses(folder.path("model"), data, learning));
}, 60_000);
afterAll(async () => void (await useTestBackend()));

const shown: string[] = [];
async function predicted(asked: AskedTexts, onCorrupt?: (error: Error) => void): Promise<Prediction[]> {
  const line = { show: (text: string) => void shown.push(text), print() {} };
  const found: Prediction[] = [];
  const told = { line, signal: new AbortController().signal, onCorrupt };
  for await (const one of predictTexts(folder.path("classifier"), asked, told)) found.push(one);
  return found;
}

it("says the classes of told texts and of those of a table, whose broken rows are named", async () => {
  const told = await predicted({ text: ["aa", "bb"] });
  expect(told.map((one) => one.kind === "class" && [one.id, one.text])).toEqual([
    ["1", "aa"],
    ["2", "bb"],
  ]);
  const rows = [...Array.from({ length: 9 }, () => '{"body":"aa"}'), "{", '{"body":"bb"}'];
  await folder.write("texts.jsonl", rows.join("\n"));
  const broken: string[] = [];
  const read = await predicted({ data: folder.path("texts.jsonl"), column: "body" }, ({ message }) =>
    broken.push(message),
  );
  expect([read.length, broken.length, shown.at(-1)]).toEqual([10, 1, "10 texts"]);
  const classOf = (one?: Prediction) => (one?.kind === "class" ? one.class : undefined);
  expect([classOf(read[0]), classOf(read[9])]).toEqual(told.map((one) => classOf(one)));
});

it("refuses a question where classes were taught", async () => {
  const asked = predicted({ question: ["a?"], context: "aa" });
  await expect(asked).rejects.toThrow("classifier was taught classes (a, b): ask by `text` or `data`.");
});
