/** Labels of words and of residues: taught, recorded, and asked for. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSafetensors } from "@autodidact/core";
import { parseRecord, readRecords } from "@autodidact/evaluate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../../tests/run-here.js";
import { writeNamedPlaces, writeProteins, writeReports } from "../../tests/small-texts.js";

let folder: string;
const at = (path: string) => join(folder, path);
const engine = ["--engine", "onnx", "--threads", "1"];
const sizes = ["--layers", "1", "--heads", "1", "--width", "16", "--steps", "2", "--batch-size", "4"];
const learning = ["--epochs", "1", "--lr", "0.02"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeReports(at("reports"));
  await writeNamedPlaces(at("places.conll"));
  await writeProteins(at("proteins"));
  const pretrain = (...args: string[]) => runHere(["pretrain", ...args, ...sizes, ...engine]);
  const words = ["--vocabulary-size", "80", "--context", "32"];
  const begun = [
    await pretrain("masked-lm", "--data", at("reports"), ...words, "--out", at("run")),
    await pretrain(
      "next-token",
      "--data",
      at("reports"),
      ...words.slice(2),
      "--tokenizer-kind",
      "characters",
      "--out",
      at("gpt"),
    ),
    await pretrain(
      ...["masked-lm", "--data", at("proteins/proteins.fasta"), "--tokenizer-kind", "protein", "--no-pack"],
      ...["--context", "16", "--out", at("protein-run")],
    ),
  ];
  for (const { error, errors } of begun) if (error !== undefined) throw new Error(errors, { cause: error });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

describe("finetune --task tokens", () => {
  it("says what it understood, finds entities, and keeps a folder of Hugging Face's and a record", async () => {
    const asked = ["finetune", at("run"), "--task", "tokens", "--data", at("places.conll"), ...learning];
    const { error, errors, output } = await runHere([
      ...asked,
      "--out",
      at("tagger"),
      "--json",
      at("record.json"),
      ...engine,
    ]);
    expect(error).toBeUndefined();
    expect(errors).toContain("CoNLL's columns apart by blanks, every fifth sentence held out to be tested on");
    expect(errors).toContain("train: 24 sentences in 1 file; B-DAY 24, B-PLACE 24, I-DAY 24, O 144");
    expect(errors).toContain("labels B-DAY, B-PLACE, I-DAY, O: entities, F1 of whole entities");
    expect(errors).toContain("not read: 1 -DOCSTART- line");
    expect(output).toMatch(/F1, % \(n 6\) +precision, % +recall, %/);
    expect(output).toMatch(/^PLACE +24 +6 /m);

    const record = parseRecord(await readFile(at("record.json"), "utf8"));
    expect(record).toMatchObject({
      kind: "labels",
      task: { name: "places.conll, every fifth sentence held out", classes: ["DAY", "PLACE"], test: { examples: 6 } },
      protocol: { settings: { judged: "entities", epochs: 1 } },
    });
    expect(record.scores[0].value).toBeGreaterThan(0.9); // the words tell
    expect((await readRecords(at("run/results.jsonl"))).records.map(({ id }) => id)).toContain(record.id);
    const config = JSON.parse(await readFile(at("tagger/config.json"), "utf8"));
    expect(config).toMatchObject({
      architectures: ["BertForTokenClassification"],
      id2label: { 0: "B-DAY", 1: "B-PLACE", 2: "I-DAY", 3: "O" },
    });
    const { tensors } = await readSafetensors(at("tagger/model.safetensors"));
    expect(tensors.get("classifier.weight")!.shape).toEqual([4, 16]);
  }, 60_000);

  it("learns from a share of the sentences", async () => {
    const asked = [
      "finetune",
      at("run"),
      "--task",
      "tokens",
      "--data",
      at("places.conll"),
      "--labels",
      "25%",
      ...learning,
    ];
    const { error, output } = await runHere([...asked, "--out", at("few"), "--json", at("few.json"), ...engine]);
    expect(error).toBeUndefined();
    const { protocol, scores } = parseRecord(await readFile(at("few.json"), "utf8"));
    expect(protocol.settings).toMatchObject({ labelShare: 0.25, labels: 6 });
    expect(scores[0].perClass![0]!.learnedFrom).toBe(6); // a day in each
    expect(output).toContain("F1, %");
  }, 60_000);

  it("predict tells each word's label, of texts and of CoNLL's columns", async () => {
    const text = await runHere(["predict", at("tagger"), "--text", "On Monday night there is sun in Rome.", ...engine]);
    expect(text.error).toBeUndefined();
    expect(text.output).toMatch(/^1 +On +O +\d/m);
    expect(text.output).toMatch(/^ +Rome +B-PLACE +\d/m);
    await writeFile(at("asked.conll"), "On\nFriday\nnight\nthere\nis\nfog\nin\nOslo\n.\n\nOslo\n");
    const columns = await runHere(["predict", at("tagger"), "--data", at("asked.conll"), "--json", "-", ...engine]);
    expect(columns.error).toBeUndefined();
    const [first, second] = columns.output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(first.id).toBe("asked.conll:1");
    expect(first.tokens.map(({ token }: { token: string }) => token)).toEqual([
      "On",
      "Friday",
      "night",
      "there",
      "is",
      "fog",
      "in",
      "Oslo",
      ".",
    ]);
    expect(first.tokens[7]).toMatchObject({ label: "B-PLACE" });
    expect(second.id).toBe("asked.conll:11");
    const question = ["--question", "Where?", "--context", "In Rome."];
    expect((await runHere(["predict", at("tagger"), ...question, ...engine])).error?.message).toContain(
      "was taught labels of words",
    );
  }, 60_000);

  it("judges labels of residues one by one, longer sequences in parts", async () => {
    const asked = [
      "finetune",
      at("protein-run"),
      "--task",
      "tokens",
      "--data",
      at("proteins/structures.tsv"),
      ...learning,
    ];
    const { error, errors, output } = await runHere([...asked, "--out", at("structure"), ...engine]);
    expect(error).toBeUndefined();
    expect(errors).toContain("a TSV table of sequences, a label a character");
    expect(errors).toContain("labels C, H: one a token, accuracy and macro F1");
    expect(errors).toContain("24 training sentences are longer than the 14 pieces that the model reads at once");
    expect(output).toMatch(/accuracy, % \(n 6\) +macro F1, %/);
    expect(output).toMatch(/^masked-lm, pretrained +(9\d|100)\.\d/m);
    const { output: told } = await runHere(["predict", at("structure"), "--text", "ADW", ...engine]);
    expect(told.trimEnd().split("\n").slice(2)).toEqual(["1  ADW", "   HCH"]);
  }, 60_000);

  it("refuses GPT-2, and what it does not understand by the option that settles it", async () => {
    const asked = (run: string, ...args: string[]) =>
      runHere(["finetune", at(run), "--task", "tokens", ...args, ...engine]);
    expect((await asked("gpt", "--data", at("places.conll"))).error?.message).toContain("GPT-2 does not");
    await writeFile(at("bilou.conll"), "Ann B-PER\nLee L-PER\n\n".repeat(5));
    expect((await asked("run", "--data", at("bilou.conll"))).error?.message).toContain("--judged tokens");
    expect(
      (await asked("run", "--data", at("places.conll"), "--label-column", "1", "--text-column", "1")).error?.message,
    ).toContain("--label-column …");
    expect((await asked("run", "--data", at("places.conll"), "--labels", "20-per-class")).error?.message).toContain(
      "--task tokens learns from a share of all labels, for there are no classes: --labels 10%",
    );
  }, 60_000);
});
