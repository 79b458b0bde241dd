/** What a text run is asked after pretraining: shares of labels, and the texts nearest to one. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRecord } from "@autodidact/evaluate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runHere } from "../../tests/run-here.js";
import { writeOpinions, writeQuestions, writeReports } from "../../tests/small-texts.js";

let folder: string;
const at = (path: string) => join(folder, path);
const engine = ["--engine", "onnx", "--threads", "1"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeReports(at("reports"));
  await writeOpinions(at("opinions"));
  await writeQuestions(at("squad.json"));
  const sizes = ["--layers", "1", "--heads", "1", "--width", "16", "--vocabulary-size", "80", "--context", "32"];
  const short = ["--steps", "2", "--batch-size", "4", "--out", at("run"), ...engine];
  const { error } = await runHere(["pretrain", "masked-lm", "--data", at("reports"), ...sizes, ...short]);
  expect(error).toBeUndefined();
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

it("finetune --labels takes a share of the labels of texts, and of classes alone", async () => {
  const asked = (data: string, ...args: string[]) =>
    runHere(["finetune", at("run"), "--data", at(data), ...args, ...engine]);
  const { error, output } = await asked("opinions", "--labels", "20%", "--epochs", "1", "--json", at("a.json"));
  expect(error).toBeUndefined();
  expect(output).toContain("fine-tuned, 20 % of the labels (4)");
  const { protocol } = parseRecord(await readFile(at("a.json"), "utf8"));
  expect(protocol.settings).toMatchObject({ labelShare: 0.2, labels: 4 });
  const questions = await asked("squad.json", "--task", "question-answering", "--labels", "20%");
  expect(questions.error?.message).toContain("--labels goes with --task classification only");
}, 60_000);

it("neighbours lists the nearest documents with their beginnings; the query's own file is none", async () => {
  const asked = (...args: string[]) =>
    runHere(["neighbours", at("run"), "--data", at("reports"), "--query", at("reports/03.txt"), ...args, ...engine]);
  const { error, output } = await asked("--count", "3");
  expect(error).toBeUndefined();
  const [head, , ...rows] = output.trim().split("\n");
  expect(head).toMatch(/similarity +text$/);
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row).toMatch(/^(?!03)\d\d\.txt +[01]\.\d{3} +On \w+day there is/);
  expect((await asked("--out", at("near.png"))).error?.message).toContain("of text there is none");
}, 60_000);
