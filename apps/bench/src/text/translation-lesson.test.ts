/** Translation: taught by pairs, recorded, and asked for. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRecord, readRecords } from "@autodidact/evaluate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../../tests/run-here.js";
import { writePairs, writeReports } from "../../tests/small-texts.js";

let folder: string;
const at = (path: string) => join(folder, path);
const engine = ["--engine", "onnx", "--threads", "1"];
const sizes = ["--layers", "1", "--heads", "2", "--width", "16", "--steps", "2", "--batch-size", "4"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeReports(at("reports"));
  await writePairs(at("pairs.tsv"));
  const pretrain = (...args: string[]) => runHere(["pretrain", ...args, "--data", at("reports"), ...sizes, ...engine]);
  const begun = [
    await pretrain("next-token", "--vocabulary-size", "300", "--context", "64", "--out", at("run")),
    await pretrain("masked-lm", "--vocabulary-size", "80", "--context", "32", "--out", at("masked")),
  ];
  for (const { error, errors } of begun) if (error !== undefined) throw new Error(errors, { cause: error });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

describe("finetune --task translation", () => {
  it("says what it understood, learns some of it, and keeps a GPT-2 and a record", async () => {
    const asked = ["finetune", at("run"), "--task", "translation", "--data", at("pairs.tsv"), "--beams", "2"];
    const learning = ["--epochs", "30", "--lr", "0.02", "--out", at("translator"), "--json", at("record.json")];
    const { error, errors, output } = await runHere([...asked, ...learning, ...engine]);
    expect(error).toBeUndefined();
    expect(errors).toContain("a TSV table, every fifth source text held out to be tested on");
    expect(errors).toContain('columns: source from "source", target from "target"');
    expect(errors).toContain("train: 32 pairs in 1 file");
    expect(errors).toContain("no target of the test part has 4 words, and BLEU counts runs of so many");
    expect(errors).toContain(
      "between source and target stands [SEP], which is added to the tokenizer, and behind the target <|endoftext|>;",
    );
    expect(output).toMatch(/BLEU, % \(n 8\) +chrF, %/);
    expect(output).toContain("8 test sentences tell little");

    const record = parseRecord(await readFile(at("record.json"), "utf8"));
    expect(record).toMatchObject({
      kind: "sequences",
      task: { name: "pairs.tsv, every fifth source text held out", classes: null, test: { examples: 8 } },
      protocol: { settings: { beams: 2, lengthPenalty: 1, epochs: 30 } },
    });
    expect(record.scores.map(({ metric }) => metric.name)).toEqual(["bleu", "chrf"]);
    expect(record.scores[1]!.value).toBeGreaterThan(0.2); // "… i …" at least
    expect((await readRecords(at("run/results.jsonl"))).records.map(({ id }) => id)).toContain(record.id);
    const config = JSON.parse(await readFile(at("translator/config.json"), "utf8"));
    expect(config).toMatchObject({
      architectures: ["GPT2LMHeadModel"],
      task_specific_params: { translation: { num_beams: 2, length_penalty: 1 } },
    });
  }, 60_000);

  it("predict translates texts, and each line of a file", async () => {
    const one = await runHere(["predict", at("translator"), "--text", "3 sun Rome", ...engine]);
    expect(one.error).toBeUndefined();
    expect(one.output).toMatch(/^1 +3 sun Rome +\S.* i /m);
    await writeFile(at("asked.txt"), "1 sun Rome\n\n2 fog Oslo\n");
    const lines = await runHere(["predict", at("translator"), "--data", at("asked.txt"), "--json", "-", ...engine]);
    expect(lines.error).toBeUndefined();
    const made = lines.output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(made.map(({ id, text }) => [id, text])).toEqual([
      ["asked.txt:1", "1 sun Rome"],
      ["asked.txt:3", "2 fog Oslo"],
    ]);
    for (const { translation, score } of made) {
      expect(translation).toContain(" i ");
      expect(score).toBeLessThan(0);
    }
  }, 60_000);

  it("refuses BERT, --beams elsewhere, and what it does not understand by the option that settles it", async () => {
    const asked = (run: string, data: string, ...args: string[]) =>
      runHere(["finetune", at(run), "--data", at(data), ...args, ...engine]);
    const task = ["--task", "translation"];
    expect((await asked("masked", "pairs.tsv", ...task)).error?.message).toContain("does not write next tokens");
    await writeFile(at("codes.tsv"), `en\tde\n${"a b\tc d\n".repeat(5)}`);
    expect((await asked("run", "codes.tsv", ...task)).error?.message).toContain("--header yes or --header no");
    expect((await asked("masked", "pairs.tsv", "--task", "tokens", "--beams", "2")).error?.message).toContain(
      "--beams does not go with --task tokens of text",
    );
  }, 60_000);
});
