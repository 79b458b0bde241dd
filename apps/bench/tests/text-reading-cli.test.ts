/** How text is read, as users say it: the command tells what it found before work begins, and what settles what it cannot know. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runHere } from "./run-here.js";

const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];
const tiny = ["--layers", "1", "--heads", "2", "--width", "8", "--context", "16", "--batch-size", "2", "--steps", "2"];

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  const rows = Array.from({ length: 40 }, (_, i) => `Le café ${i} est ${i % 2 ? "bon" : "froid"} ce matin;${i % 2}`);
  await writeFile(at("cafes.csv"), Buffer.from(`text;label\n${rows.join("\n")}\n`, "latin1"));
  const paragraph = (i: number) => `The rain ${i} had ceased.\nThe camp awoke at ${i}.\nNobody looked at the sky.\n`;
  await writeFile(at("stories.txt"), Array.from({ length: 12 }, (_, i) => paragraph(i)).join("\n"));
});
afterAll(() => rm(folder, { recursive: true }));

const begin = (method: string, data: string, run: string, ...more: string[]) =>
  runHere([
    "pretrain",
    method,
    "--data",
    at(data),
    "--out",
    at(run),
    "--tokenizer-kind",
    "characters",
    ...tiny,
    ...more,
    ...engine,
  ]);

it("text that is not UTF-8 is refused with the option, and read with it; the run keeps how", async () => {
  const refused = await begin("masked-lm", "cafes.csv", "refused");
  expect(String(refused.error)).toMatch(
    /cafes.csv:2: line 2 is not UTF-8; of another encoding it is told by --encoding latin1/,
  );
  const { error, errors } = await begin("masked-lm", "cafes.csv", "run", "--encoding", "latin1");
  expect(error).toBeUndefined();
  expect(errors).toContain("CSV or TSV (.csv, .tsv), fields apart by ;, windows-1252");
  expect(errors).toContain('columns: text from "text"');
  const { data } = JSON.parse(await readFile(at("run/config.json"), "utf8"));
  expect(data.reading).toEqual({ encoding: "latin1" });
});

it("labels are read by the same options, and the columns told", async () => {
  const asked = ["evaluate", at("run"), "--data", at("cafes.csv"), "--protocol", "linear", ...engine];
  expect(String((await runHere(asked)).error)).toContain("--encoding latin1");
  const { error, errors } = await runHere([...asked, "--encoding", "latin1"]);
  expect(error).toBeUndefined();
  expect(errors).toMatch(/columns: text from "text", label from "label"\n.*train: 32 texts in 1 file; 0 16, 1 16/);
  const missing = await runHere([...asked, "--encoding", "latin1", "--text-column", "body"]);
  expect(String(missing.error)).toContain("must have a column body, got text, label. Set another: --text-column …");
});

it("one document of next sentences is refused before a run begins; parted by blank lines it is read", async () => {
  const { error } = await begin("bert", "stories.txt", "one");
  expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining("--documents blank-lines") });
  const { errors } = await begin("bert", "stories.txt", "parted", "--documents", "blank-lines", "--context", "64");
  expect(errors).toMatch(/documents apart by blank lines\n/);
  expect(errors).toMatch(/tokens of 1[01] documents to learn from/);
  const short = await begin("bert", "stories.txt", "short", "--documents", "blank-lines");
  expect(String(short.error)).toContain("each sentence fills the 16 tokens of a pair");
  const single = await begin("bert", "cafes.csv", "single", "--encoding", "latin1");
  expect(String(single.error)).toMatch(/documents of two sentences or more, .* in 3\d documents\. A sentence ends at/);
});
