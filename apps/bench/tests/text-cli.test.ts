/** The commands on text, as users type them: inside this process, and as one of its own where signals matter. */
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSafetensors } from "@autodidact/core";
import { parseRecord, readRecords } from "@autodidact/evaluate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, startCli } from "./run-cli.js";
import { type EndedHere, runHere } from "./run-here.js";
import { writeOpinions, writeQuestions, writeReports } from "./small-texts.js";

const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];
/** A model of a thousand weights or so. */
const small = ["--layers", "1", "--heads", "2", "--width", "8", "--context", "24", "--batch-size", "4", ...engine];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeReports(join(folder, "reports"));
  await writeOpinions(join(folder, "opinions"));
  await writeQuestions(join(folder, "questions.json"));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (path: string) => join(folder, path);
/** What ended well. */
async function autodidact(...args: string[]): Promise<EndedHere> {
  const ended = await runHere(args);
  if (ended.error !== undefined) throw new Error(`${args.join(" ")}\n${ended.errors}`, { cause: ended.error });
  return ended;
}
const metrics = async (run: string) =>
  (await readFile(at(`${run}/metrics.jsonl`), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, number>);

describe("tokenizer train", () => {
  it("writes Hugging Face's two files and shows pieces", async () => {
    const { errors } = await autodidact(
      "tokenizer",
      "train",
      "--data",
      at("reports"),
      "--vocabulary-size",
      "120",
      "--out",
      at("tokenizer"),
    );
    expect((await readdir(at("tokenizer"))).sort()).toEqual(["SHA256SUMS", "tokenizer.json", "tokenizer_config.json"]);
    const { model } = JSON.parse(await readFile(at("tokenizer/tokenizer.json"), "utf8"));
    expect(model.type).toBe("WordPiece");
    expect(errors).toMatch(/\d+ pieces: .*\non .* there is/);
  });

  it("keeps letters as they are, takes characters, and residues without reading", async () => {
    const vocabulary = async (...args: string[]) => {
      await autodidact("tokenizer", "train", "--data", at("reports"), ...args);
      const { model } = JSON.parse(await readFile(join(args.at(-1)!, "tokenizer.json"), "utf8"));
      return Object.keys(model.vocab);
    };
    expect(await vocabulary("--no-lowercase", "--vocabulary-size", "150", "--out", at("cased"))).toContain("P");
    expect(await vocabulary("--kind", "characters", "--out", at("characters"))).toContain("[MASK]");
    expect(await vocabulary("--kind", "characters", "--no-masks", "--out", at("bare"))).not.toContain("[MASK]");
    expect(await vocabulary("--kind", "dna", "--kmer", "2", "--out", at("dna"))).toContain("AC");
  });

  it("does not overwrite", async () => {
    const { error } = await runHere(["tokenizer", "train", "--data", at("reports"), "--out", at("tokenizer")]);
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining("must be new or empty") });
  });
});

describe("pretrain next-token", () => {
  const begin = (run: string) => [
    "pretrain",
    "next-token",
    "--data",
    at("reports"),
    "--out",
    at(run),
    "--tokenizer-kind",
    "characters",
    "--steps",
    "150",
    "--lr",
    "0.02",
    "--save-every",
    "1000",
    ...small,
  ];

  it("Ctrl-C saves; resumed, it ends with the weights of an unbroken run, bit for bit", async () => {
    const halved = startCli(begin("halved"), folder);
    await halved.seen(/step 1\/150/);
    halved.process.kill("SIGINT");
    const { code, errors } = await halved.ended;
    expect([code, errors]).toEqual([130, expect.stringMatching(/Saved after step [1-9]\d* of 150\./)]);
    expect(errors).toContain(`npx autodidact pretrain next-token --out ${at("halved")} --resume`);

    await autodidact("pretrain", "next-token", "--out", at("halved"), "--resume", ...engine);
    const { errors: said } = await autodidact(...begin("whole"));
    const weights = (run: string) => readFile(at(`${run}/encoder/model.safetensors`));
    expect((await weights("halved")).equals(await weights("whole"))).toBe(true);
    expect(said).toMatch(/tokens of 11 documents to learn from, .* of 1 document held out/);
    expect(said).toMatch(
      /Held out: loss \d\.\d{4} nats a token, \d\.\d{3} bits a byte, .* token frequencies alone: \d/,
    );
  });

  it("logs the held-out loss, which falls below that of token frequencies", async () => {
    const lines = await metrics("whole");
    const [first, last] = [lines[0]!, lines.at(-1)!];
    expect(first.heldOutLoss).toBeGreaterThan(last.heldOutLoss!);
    expect(last.heldOutLoss).toBeLessThan(last.unigramLoss!);
  });

  it("leaves a folder of Hugging Face's, which is a model by itself", async () => {
    const config = JSON.parse(await readFile(at("whole/encoder/config.json"), "utf8"));
    expect(config).toMatchObject({
      model_type: "gpt2",
      architectures: ["GPT2LMHeadModel"],
      n_embd: 8,
      n_positions: 24,
    });
    const write = (run: string) =>
      autodidact("generate", at(run), "--prompt", "On ", "--max-tokens", "20", "--seed", "3", ...engine);
    const { output } = await write("whole");
    expect(output).toMatch(/^On .{10,}/s);
    expect((await write("whole/encoder")).output).toBe(output);
    const other = await autodidact(
      "generate",
      at("whole"),
      "--prompt",
      "On ",
      "--max-tokens",
      "20",
      "--seed",
      "4",
      ...engine,
    );
    expect(other.output).not.toBe(output);
  });

  it("tells its perplexity beside frequencies and the random init", async () => {
    const asked = ["evaluate", at("whole"), "--data", at("reports"), "--protocol", "perplexity", ...engine];
    const { output } = await autodidact(...asked, "--json", "-");
    const { kind, task, scores, baselines } = parseRecord(output);
    expect([kind, task.classes, task.train]).toEqual(["tokens", null, null]);
    expect(task.name).toBe("the part of reports that the run held out"); // no path of this machine
    const last = (await metrics("whole")).at(-1)!;
    const [nats, bitsPerByte] = scores;
    const [randomInit, unigram] = [baselines.randomInit![0], baselines.rawFeatures![0]];
    expect(nats.value).toBeCloseTo(last.heldOutLoss!, 4);
    expect(unigram.value).toBeCloseTo(last.unigramLoss!, 2); // but for the first token, which no row is asked
    expect(randomInit.value).toBeGreaterThan(unigram.value);
    expect(bitsPerByte!.value).toBeCloseTo(nats.value / Math.LN2, 2); // a character is a byte here, but for [UNK]
    const { output: shown } = await autodidact(...asked);
    expect(shown).toMatch(/loss, nats +perplexity +bits a byte +tokens right, %/);
    expect(shown).toMatch(/token frequencies +\d\.\d{4} +\d+\.\d\d/);
    const { records } = await readRecords(at("whole/results.jsonl"));
    expect(records.map(({ protocol }) => protocol.name)).toEqual(["perplexity", "perplexity"]);
  });
});

describe("pretrain masked-lm, bert, sentence-order", () => {
  const learn = (method: string, run: string, ...more: string[]) =>
    autodidact(
      "pretrain",
      method,
      "--data",
      at("reports"),
      "--tokenizer",
      at("tokenizer"),
      "--out",
      at(run),
      "--steps",
      "12",
      ...small,
      ...more,
    );

  it("each ends with its model; pairs tell their balance", async () => {
    await learn("masked-lm", "masked", "--whole-words", "--cache", at("cache"));
    const { errors: ofBert } = await learn("bert", "bert");
    const { errors: ofOrder } = await learn("sentence-order", "order");
    const architecture = async (run: string) =>
      JSON.parse(await readFile(at(`${run}/encoder/config.json`), "utf8")).architectures[0];
    expect(await Promise.all(["masked", "bert", "order"].map(architecture))).toEqual([
      "BertForMaskedLM",
      "BertForPreTraining",
      "AlbertForPreTraining",
    ]);
    expect(ofBert).toMatch(/pairs: \d+, of which \d+\.\d % follow and \d+\.\d % are random/);
    expect(ofOrder).toMatch(/pairs: \d+, of which \d+\.\d % stand as written and \d+\.\d % are swapped/);
    expect(ofOrder).toMatch(/Pairs told apart: \d+\.\d %; chance \d+\.\d %/);
    expect(await readdir(at("cache"))).toContain("cache.json");
    expect(await readdir(at("masked"))).not.toContain("tokens");
  });

  it("continues a model with --init: the first loss is that of the last", async () => {
    await autodidact(
      "pretrain",
      "masked-lm",
      "--data",
      at("reports"),
      "--init",
      at("masked/encoder"),
      "--out",
      at("continued"),
      "--steps",
      "2",
      "--lr",
      "1e-12",
      "--whole-words",
      "--batch-size",
      "4",
      ...engine,
    );
    const [before, after] = [(await metrics("masked")).at(-1)!, (await metrics("continued")).at(-1)!];
    expect(after.heldOutLoss).toBeCloseTo(before.heldOutLoss!, 4);
    const wrong = await runHere(["pretrain", "bert", "--data", at("reports"), "--init", at("whole/encoder")]);
    expect(wrong.error).toMatchObject({
      name: "UsageError",
      message: expect.stringContaining('bert learns bert, and this is "gpt2"'),
    });
    const run = await runHere(["pretrain", "masked-lm", "--data", at("reports"), "--init", at("masked")]);
    expect(run.error?.message).toContain(`--init ${at("masked/encoder")}`);
  });

  it("needs the folder of --init until the first checkpoint, as it was, and then no more", async () => {
    await cp(at("masked/encoder"), at("given"), { recursive: true });
    const started = ["pretrain", "masked-lm", "--data", at("reports"), "--init", at("given"), "--out", at("moved")];
    await autodidact(...started, "--steps", "2", "--batch-size", "4", ...engine);
    const resume = ["pretrain", "masked-lm", "--out", at("moved"), "--resume", ...engine];
    await rename(at("given"), at("away"));
    expect((await autodidact(...resume)).errors).toContain("resuming after step 2");

    await rm(at("moved/checkpoints"), { recursive: true });
    expect((await runHere(resume)).error?.message).toContain(`--init ${at("given")}, which is not there. Put it back`);
    await cp(at("away"), at("given"), { recursive: true });
    await rm(at("given/SHA256SUMS")); // changed on purpose
    const bytes = await readFile(at("given/model.safetensors"));
    bytes[bytes.length - 1]! ^= 1; // one bit of one weight
    await writeFile(at("given/model.safetensors"), bytes);
    expect((await runHere(resume)).error?.message).toContain("other ones are there now");
  });

  it("fills masks", async () => {
    const { output } = await autodidact(
      "fill-mask",
      at("masked"),
      "On Monday there is [MASK] in [MASK].",
      "--top",
      "2",
      ...engine,
    );
    expect(output.trim().split("\n")).toHaveLength(2 + 4);
    const { error } = await runHere(["fill-mask", at("masked"), "nothing missing", ...engine]);
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining("must hold [MASK]") });
  });

  it("evaluates beside the bag of words and the random init", async () => {
    const ask = async (protocol: string, ...more: string[]) => {
      const asked = ["evaluate", at("masked"), "--data", at("opinions"), "--protocol", protocol, "--json", "-"];
      return parseRecord((await autodidact(...asked, ...more, ...engine)).output);
    };
    const linear = await ask("linear");
    expect(linear).toMatchObject({
      task: { modality: "text", classes: ["bad", "good"], train: { examples: 20 }, test: { examples: 20 } },
      subject: { method: "masked-lm", step: 12 },
      scores: [{ chance: 0.5 }, { metric: { name: "macroF1" } }, { metric: { name: "mcc" } }],
    });
    expect(linear.baselines.rawFeatures![0].value).toBe(1); // lovely or awful
    expect((await ask("knn", "--labels-per-class", "5", "--seeds", "2")).scores[0].seeds).toEqual([0, 1]);
  });

  it("embeds documents, the same into both kinds of file", async () => {
    await autodidact("embed", at("masked"), "--data", at("reports"), "--out", at("features.jsonl"), ...engine);
    await autodidact(
      "embed",
      at("masked/encoder"),
      "--data",
      at("reports"),
      "--out",
      at("features.safetensors"),
      ...engine,
    );
    const lines = (await readFile(at("features.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toEqual((await readdir(at("reports"))).sort());
    const { shape, bytes } = (await readSafetensors(at("features.safetensors"))).tensors.get("features")!;
    expect(shape).toEqual([12, 8]);
    const first = new Float32Array(new Uint8Array(bytes).buffer, 0, 8);
    expect(JSON.parse(lines[0]!).features).toEqual([...first]);
    expect(await readFile(at("features.txt"), "utf8")).toMatch(/^00\.txt\n01\.txt\n/);
  });

  it("is fine-tuned for classes and for questions, beside from scratch", async () => {
    const { output } = await autodidact(
      "finetune",
      at("masked"),
      "--data",
      at("opinions"),
      "--seeds",
      "2",
      "--labels-per-class",
      "8",
      "--lr",
      "0.02",
      "--json",
      at("scores.json"),
      ...engine,
    );
    expect(output).toMatch(/pretrained +\d.* ± .*\nfrom scratch +\d.* ± .*\nchance +50\.0/);
    const record = parseRecord(await readFile(at("scores.json"), "utf8"));
    expect(record).toMatchObject({
      kind: "classes",
      protocol: { name: "finetune", labelsPerClass: 8 },
      scores: [{ seeds: [0, 1] }, { metric: { name: "macroF1" } }, { metric: { name: "mcc" } }],
      baselines: { rawFeatures: null, fromScratch: [{ seeds: [0, 1] }, {}, {}] },
    });
    expect((await readRecords(at("masked/results.jsonl"))).records.at(-1)).toEqual(record);
    const { architectures, id2label } = JSON.parse(await readFile(at("masked/finetuned-opinions/config.json"), "utf8"));
    expect([architectures, id2label]).toEqual([["BertForSequenceClassification"], { 0: "bad", 1: "good" }]);

    const questions = await autodidact(
      "finetune",
      at("masked"),
      "--task",
      "question-answering",
      "--data",
      at("questions.json"),
      "--epochs",
      "1",
      "--out",
      at("answers"),
      ...engine,
    );
    expect(questions.output).toMatch(/F1, % +exact match, %/);
    expect(await readdir(at("answers"))).toContain("model.safetensors");
  });

  it("predicts classes with probabilities: of texts as typed, and of a table, a line of JSON each", async () => {
    const { output, errors } = await autodidact(
      "predict",
      at("masked"),
      "--text",
      "lovely",
      "--text",
      "awful",
      ...engine,
    );
    expect(errors).toContain(`model: ${at("masked/finetuned-opinions")}`);
    expect(output).toMatch(/text +class +probability +then\n/);
    expect(output).toMatch(/^1 +lovely +(good|bad) +\d+\.\d % +(good|bad) \d+\.\d %$/m);
    await writeFile(at("reviews.csv"), "note,review\n1,lovely\n2,awful\n3,lovely lovely\n");
    const asked = ["predict", at("masked/finetuned-opinions"), "--data", at("reviews.csv"), "--column", "review"];
    await autodidact(...asked, "--json", at("classes.jsonl"), ...engine);
    const lines = (await readFile(at("classes.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ text }) => text)).toEqual(["lovely", "awful", "lovely lovely"]);
    for (const { class: likeliest, probabilities } of lines) {
      expect(probabilities[0].class).toBe(likeliest);
      expect(probabilities[0].probability + probabilities[1].probability).toBeCloseTo(1, 5);
    }
    const { error } = await runHere([...asked, "--json", at("classes.jsonl"), ...engine]);
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining("is there already") });
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("predicts answers with their place", async () => {
    const context = "the report was written by ann";
    const asked = ["predict", at("answers"), "--question", "who wrote it?", "--context", context, "--json", "-"];
    const { answer, start, end, probability } = JSON.parse((await autodidact(...asked, ...engine)).output);
    expect(context.slice(start, end)).toBe(answer);
    expect(probability).toBeGreaterThan(0);
    const { output } = await autodidact("predict", at("answers"), "--data", at("questions.json"), ...engine);
    expect(output).toMatch(/question +answer +place +probability\n/);
  });

  it.each([
    [["predict", "MASKED"], "needs one of --text"],
    [["predict", "MASKED", "--text", "a", "--data", "b"], "got --text and --data"],
    [["predict", "ANSWERS", "--question", "who?"], "--question and --context go together"],
    [["predict", "ANSWERS", "--text", "a"], "was taught to answer"],
    [["predict", "CLASSES", "--question", "who?", "--context", "ann"], "was taught classes (bad, good)"],
    [["predict", "CLASSES", "--image", "a.png"], "of which --image cannot be asked"],
    [["predict", "WHOLE", "--text", "a"], "was not fine-tuned yet: autodidact finetune"],
    [["predict", "IMAGES", "--image", "a.png"], "was not fine-tuned yet"],
  ])("%j is refused", async (args, message) => {
    await mkdir(at("images"), { recursive: true });
    await writeFile(at("images/config.json"), '{"method":"simclr"}');
    const places: Record<string, string> = {
      MASKED: at("masked"),
      WHOLE: at("whole"),
      ANSWERS: at("answers"),
      CLASSES: at("masked/finetuned-opinions"),
      IMAGES: at("images"),
    };
    const { error } = await runHere([...args.map((arg) => places[arg] ?? arg), ...engine]);
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining(message) });
  });
});

describe("what cannot be", () => {
  it.each([
    [["pretrain", "masked-lm", "--data", "nowhere"], "openDocuments: nowhere"],
    [["pretrain", "next-token", "--data", "EMPTY"], "an empty folder"],
    [["pretrain", "next-token", "--data", "TABLE", "--column", "body"], "must have a column body"],
    [["pretrain", "masked-lm", "--data", "REPORTS", "--tokenizer", "nowhere"], "must hold a tokenizer.json"],
    [["pretrain", "masked-lm", "--data", "REPORTS", "--init", "nowhere"], "has no config.json"],
    [["evaluate", "WHOLE", "--data", "LONE", "--protocol", "knn"], "needs at least two classes"],
    [["generate", "MASKED"], "does not predict next tokens"],
    [["fill-mask", "WHOLE", "a [MASK]"], "has no mask in its vocabulary"],
    [["embed", "MASKED", "--data", "REPORTS", "--out", "x.txt"], "must end in .jsonl or .csv or .safetensors"],
    [
      ["finetune", "WHOLE", "--data", "x", "--task", "question-answering", "--labels-per-class", "3"],
      "goes with --task",
    ],
  ])("%j", async (args, message) => {
    await mkdir(at("empty"), { recursive: true });
    await writeFile(at("table.jsonl"), '{"text": "a"}\n');
    await writeFile(at("lone.tsv"), "a\tyes\nb\tyes\n");
    const places: Record<string, string> = {
      EMPTY: at("empty"),
      TABLE: at("table.jsonl"),
      REPORTS: at("reports"),
      LONE: at("lone.tsv"),
      WHOLE: at("whole"),
      MASKED: at("masked"),
    };
    const { error } = await runHere([...args.map((arg) => places[arg] ?? arg), ...engine]);
    expect(error?.message).toContain(message);
  });

  it("leaves no folder behind, and exits with 2", async () => {
    const { code } = await runCli(["pretrain", "masked-lm", "--data", "nowhere", "--out", "runs/none"], folder);
    expect(code).toBe(2);
    expect(await readdir(folder)).not.toContain("runs");
  });
});
