/** The command on recordings: pretrained, resumed, measured, taught, asked. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRecord } from "@autodidact/evaluate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runHere } from "./run-here.js";
import { VOICES_PATTERN, writeNoise, writeVoices } from "./small-sounds.js";

let folder: string;
const at = (path: string) => join(folder, path);
const engine = ["--engine", "onnx", "--threads", "1"];
const reading = ["--pattern", VOICES_PATTERN, "--hold-out-speakers", "ann,bob"];

async function done(...args: string[]) {
  const ended = await runHere([...args, ...engine]);
  expect(ended.error).toBeUndefined();
  return ended;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeVoices(at("voices"));
  await writeFile(at("voices/1_cy_9.wav"), "no sound");
  const sizes = ["--layers", "1", "--heads", "1", "--width", "16"];
  const short = ["--steps", "3", "--batch-size", "4", "--save-every", "1", "--out", at("frames")];
  const { errors } = await done("pretrain", "masked-frames", "--data", at("voices"), ...reading, ...sizes, ...short);
  expect(errors).toContain("tested on the speakers ann, bob, learns from train, not from test");
  expect(errors).toContain("train: 17 recordings");
  expect(errors).toContain("4 speakers: ann, bob, cy, di");
  expect(errors).toContain("heard at 8,000 Hz");
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

it("a run tells its settings, draws what it puts in, and is not begun twice", async () => {
  const config = JSON.parse(await readFile(at("frames/config.json"), "utf8"));
  expect(config).toMatchObject({ cropSeconds: 0.4, encoder: { name: "frame-transformer-tiny", width: 16 } });
  expect(await readdir(at("frames/pictures"))).toContain("step-3.png");
  const again = await runHere(["pretrain", "masked-frames", "--data", at("voices"), "--out", at("frames"), ...engine]);
  expect(again.error?.message).toContain("holds a run already");
});

it("--resume goes on where a run was cut off, to the same weights bit for bit, and with no other method", async () => {
  await cp(at("frames"), at("cut"), { recursive: true });
  await rm(at("cut/encoder"), { recursive: true });
  await rm(at("cut/checkpoints/step-3"), { recursive: true });
  const { errors } = await done("pretrain", "masked-frames", "--out", at("cut"), "--resume");
  expect(errors).toContain("step 3/3");
  const weights = (run: string) => readFile(join(at(run), "encoder/model.safetensors"));
  expect((await weights("cut")).equals(await weights("frames"))).toBe(true);
  const other = await runHere(["pretrain", "best-rq", "--out", at("cut"), "--resume", ...engine]);
  expect(other.error?.message).toContain("is a run of masked-frames");
}, 30_000);

it("evaluate: a probe of all layers on speakers that were held out, beside log-mel statistics and random init", async () => {
  const asked = ["--data", at("voices"), ...reading, "--protocol", "linear", "--all-layers"];
  const { output } = await done("evaluate", at("frames"), ...asked, "--json", at("linear.json"));
  expect(output).toMatch(/masked-frames, pretrained[\s\S]*log-mel statistics[\s\S]*random init/);
  const { task, scores } = parseRecord(await readFile(at("linear.json"), "utf8"));
  expect(task).toMatchObject({ modality: "speech", classes: ["0", "1"], test: { examples: 16 } });
  expect(scores[0].value).toBeGreaterThanOrEqual(0);
}, 60_000);

it("evaluate --layer-sum: a probe learns what each layer counts for, and the record says so", async () => {
  const asked = ["evaluate", at("frames"), "--data", at("voices"), ...reading, "--protocol"];
  const { output } = await done(...asked, "linear", "--layer-sum", "--json", at("sum.json"));
  expect(output).toContain("linear probe on a learned sum of all layers, all labels");
  expect(output).toMatch(
    /share of each layer, % +0 +1\s+[─ ]+\s+masked-frames, pretrained +\d+\.\d +\d+\.\d\s+random init/,
  );
  const { protocol, scores, baselines } = parseRecord(await readFile(at("sum.json"), "utf8"));
  expect(protocol.settings).toMatchObject({ layer: "a learned sum of all layers" });
  const [{ layer0, layer1 }] = scores[0].chosen as [{ layer0: number; layer1: number }];
  expect(layer0 + layer1).toBeCloseTo(1, 6);
  expect(Object.keys(baselines.rawFeatures![0].chosen[0]!)).toEqual(["l2"]); // statistics have one layer
  const both = await runHere([...asked, "linear", "--layer-sum", "--all-layers", ...engine]);
  expect(both.error?.message).toContain("--all-layers and --layer-sum do not go together");
  const nearest = await runHere([...asked, "knn", "--layer-sum", ...engine]);
  expect(nearest.error?.message).toContain("--layer-sum does not go with --protocol knn of speech");
}, 60_000);

it("verification over drawn trials leaves the threshold that verify decides by", async () => {
  const early = await runHere(["verify", at("frames"), at("voices/0_ann_0.wav"), at("voices/0_bob_0.wav"), ...engine]);
  expect(early.error?.message).toContain("--protocol verification; or give --threshold");
  const asked = ["--data", at("voices"), ...reading, "--protocol", "verification", "--pairs", "40"];
  const { output, errors } = await done("evaluate", at("frames"), ...asked);
  expect(output).toMatch(/eer, %[\s\S]*log-mel statistics[\s\S]*random init/);
  expect(output).toMatch(/FLOPs an example, forward; .* parameters\nWithout labels, of \d+ test examples: RankMe/);
  expect(errors).toContain("40 trials, 20 of one speaker, among 16 recordings of the part test");
  const verdict = await done("verify", at("frames"), at("voices/0_ann_0.wav"), at("voices/0_ann_0.wav"));
  expect(verdict.output).toMatch(
    /^1\.000: (one|two) speakers?, by the threshold [01]\.\d+ \(of 40 trials of voices, drawn pairs/,
  );
  expect(verdict.output).toContain("it is no probability");
  const told = await done(
    "verify",
    at("frames"),
    at("voices/0_ann_0.wav"),
    at("voices/1_di_1.wav"),
    "--threshold",
    "1",
    "--json",
  );
  expect(JSON.parse(told.output)).toMatchObject({ isSame: false, threshold: 1, from: "--threshold" });
  await writeNoise(at("silence.wav"), 0);
  await writeNoise(at("hiss.wav"), 0.001);
  const judged = (file: string) => ["verify", at("frames"), at("voices/0_ann_0.wav"), at(file), "--threshold", "0.5"];
  const silent = await runHere([...judged("silence.wav"), ...engine]);
  expect(silent.error?.message).toContain("silence.wav is silent: nothing in it lies above −60 dB of full scale");
  const { output: score, errors: warned } = await done(...judged("hiss.wav"));
  expect(warned).toContain(`warning: no speech was found in ${at("hiss.wav")}`);
  expect(score).toMatch(/^-?[01]\.\d{3}: (one|two) speakers?/);
}, 60_000);

it("finetune takes a table by the columns and the delimiter that it is told", async () => {
  const lines = ["0_ann_0", "1_ann_0", "0_bob_0", "1_bob_0", "0_cy_0", "1_cy_0"].map(
    (name) => `voices/${name}.wav;${name.startsWith("0") ? "no, never" : "yes-yes"};x`,
  );
  await writeFile(at("table.csv"), ["recording;said;other", ...lines].join("\n"));
  const task = [
    "finetune",
    at("frames"),
    "--data",
    at("table.csv"),
    "--task",
    "ctc",
    "--epochs",
    "1",
    "--batch-size",
    "4",
  ];
  const columns = ["--file-from", "recording", "--delimiter", ";"];
  const open = await runHere([...task, ...columns, ...engine]);
  expect(open.error?.message).toMatch(
    /must tell what is said .* a table's column by --transcript-from, or the field of the names by --transcript/,
  );
  const both = await runHere([...task, ...columns, "--transcript-from", "said", "--transcript", "said", ...engine]);
  expect(both.error?.message).toContain("cannot be used with option");
  await done(...task, ...columns, "--transcript-from", "said", "--out", at("from-table"));
  const letters = Object.keys(JSON.parse(await readFile(at("from-table/vocab.json"), "utf8")));
  expect(letters).toEqual(expect.arrayContaining([",", "-", "n", "y"])); // as it is written
}, 60_000);

it("verification takes a list of trials, refuses what it cannot ask", async () => {
  await writeFile(at("trials.txt"), "1 0_ann_0.wav 1_ann_1.wav\n0 0_ann_0.wav 0_bob_0.wav\n");
  const asked = ["evaluate", at("frames"), "--data", at("voices"), "--protocol", "verification"];
  const { errors } = await done(...asked, "--trials", at("trials.txt"));
  expect(errors).toContain("2 trials, 1 of one speaker");
  const blind = await runHere([...asked, ...engine]);
  expect(blind.error?.message).toContain("must be told who speaks");
  const all = await done(...asked, "--pattern", VOICES_PATTERN, "--pairs", "20");
  expect(all.errors).toMatch(/skipped: .*1_cy_9\.wav/); // no trial is drawn of what cannot be heard
  expect(all.errors).toContain("note: the run learned from these recordings, but for ann, bob");
  const few = await runHere([...asked, ...reading, "--labels-per-class", "2", ...engine]);
  expect(few.error?.message).toContain("nothing is learned");
}, 60_000);

it("finetune --task ctc teaches digits' words, of a share of the labels; transcribe writes them down with times", async () => {
  const task = ["--task", "ctc", "--pattern", VOICES_PATTERN, "--transcript", "digit", "--hold-out", "index<1"];
  const small = ["--labels", "50%", "--epochs", "1", "--batch-size", "4", "--json", at("ctc.json")];
  const { output, errors } = await done("finetune", at("frames"), "--data", at("voices"), ...task, ...small);
  expect(errors).toContain("digits are written as English words");
  expect(errors).toMatch(/from scratch, seed 0: \d+\.\d % of words wrong/);
  expect(output).toMatch(/wer \(n 8\)/);
  expect(output).toContain("Note: 8 test recordings tell little.");
  expect(output).toMatch(/wer[\s\S]*masked-frames, fine-tuned[\s\S]*from scratch|wer[\s\S]*from scratch/);
  const { protocol, task: measured } = parseRecord(await readFile(at("ctc.json"), "utf8"));
  expect(protocol.settings).toMatchObject({ labelShare: 0.5, epochs: 1 });
  expect(measured.test!.examples).toBe(8);
  const { output: said } = await done(
    "transcribe",
    at("frames"),
    at("voices/0_ann_0.wav"),
    at("voices/1_ann_0.wav"),
    "--json",
  );
  const lines = said
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ file }) => file)).toEqual([at("voices/0_ann_0.wav"), at("voices/1_ann_0.wav")]);
  for (const { text, words } of lines) expect(text.split(" ").filter(Boolean)).toHaveLength(words.length);
  const { output: timed } = await done("transcribe", at("frames"), at("voices/0_ann_0.wav"), "--times");
  expect(timed).toMatch(/start +end +word +sure/);
  const taught = at("frames/finetuned-voices"); // the encoder inside
  await done("embed", taught, "--data", at("voices"), "--out", at("taught.csv"));
  expect((await readFile(at("taught.csv"), "utf8")).split("\n")[0]).toBe(
    `id,${Array.from({ length: 16 }, (_, i) => `f${i}`)}`,
  );
  const broken = await runHere(["transcribe", at("frames"), at("voices/1_cy_9.wav"), ...engine]);
  expect(broken.error?.message).toContain("cannot be heard");
  const none = await runHere(["transcribe", at("frames"), at("none.wav"), at("voices/1_cy_9.wav"), ...engine]);
  expect(none.error?.message).toBe("2 of 2 recordings could not be heard, named above.");
  const files = [at("voices/1_cy_9.wav"), at("voices/0_ann_0.wav"), at("none.wav")];
  const some = await runHere(["transcribe", at("frames"), ...files, "--json", ...engine]);
  expect(some.error?.message).toBe("2 of 3 recordings could not be heard, named above.");
  expect(some.errors).toContain("none.wav cannot be heard: it is not there. Name a recording");
  expect(
    some.output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).file),
  ).toEqual([at("voices/0_ann_0.wav")]);
}, 90_000);

it("embed writes every recording that can be read, and names the others", async () => {
  const { errors } = await done("embed", at("frames"), "--data", at("voices"), "--out", at("voices.csv"));
  expect(errors).toMatch(/skipped: .*1_cy_9\.wav/);
  expect((await readFile(at("voices.csv"), "utf8")).trim().split("\n")).toHaveLength(1 + 32);
  const part = ["--out", at("part.csv"), "--hold-out-speakers", "ann"];
  const strange = await runHere(["embed", at("frames"), "--data", at("voices"), ...part, ...engine]);
  expect(strange.error?.message ?? strange.errors).toContain("--hold-out-speakers");
  expect(await readdir(folder)).not.toContain("part.csv");
}, 30_000);

it("neighbours lists the nearest recordings with their cosines; the query's own file is none", async () => {
  const asked = ["neighbours", at("frames"), "--data", at("voices"), "--query", at("voices/0_ann_0.wav")];
  const { output, errors } = await done(...asked, "--count", "3");
  const rows = output.trim().split("\n").slice(2);
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row).toMatch(/^[01]_(ann|bob|cy|di)_\d\.wav +-?[01]\.\d{3}$/);
  expect(output).not.toContain("0_ann_0.wav");
  expect(errors).toMatch(/skipped: .*1_cy_9\.wav/);
  const none = await runHere([...asked.slice(0, -1), at("none.wav"), ...engine]);
  expect(none.error?.message).toContain("cannot be read");
  const sheet = await runHere([...asked, "--out", at("near.png"), ...engine]);
  expect(sheet.error?.message).toContain("--out is a picture, and of speech there is none");
}, 60_000);

it("speaker-contrastive measures the data's spectrum for recordings of a word; a supervised ceiling needs speakers", async () => {
  const sizes = ["--channels", "8", "--embedding-size", "8", "--steps", "2", "--batch-size", "4"];
  const { errors } = await done(
    "pretrain",
    "speaker-contrastive",
    "--data",
    at("voices"),
    ...reading,
    ...sizes,
    "--out",
    at("who"),
  );
  expect(errors).toMatch(/log-mel bands of the data: mean -?\d/);
  expect(errors).toContain("--protocol verification");
  expect(JSON.parse(await readFile(at("who/config.json"), "utf8")).encoder.normalize.deviation).toBeGreaterThan(0);
  const ctc = await runHere([
    "finetune",
    at("who"),
    "--data",
    at("voices"),
    "--task",
    "ctc",
    "--transcript",
    "digit",
    ...engine,
  ]);
  expect(ctc.error?.message).toContain("Take a run of masked-frames, best-rq or wav2vec");
  const asked = ["evaluate", at("who"), "--data", at("voices"), ...reading, "--protocol", "linear", "--layer-sum"];
  const embedding = await runHere([...asked, ...engine]);
  expect(embedding.error?.message).toContain("--layer-sum does not go with");
  const blind = await runHere(["pretrain", "aam-softmax", "--data", at("voices"), ...engine]);
  expect(blind.error?.message).toContain("nothing tells who speaks in every recording");
}, 60_000);

it.each([
  [["masked-frames", "--encoder", "ecapa-tdnn"], "--encoder ecapa-tdnn does not go with masked-frames"],
  [["wav2vec", "--encoder", "frame-transformer-tiny"], "Take wav2vec2-small."],
  [["masked-frames", "--channels", "8"], "--channels does not go with --encoder frame-transformer-tiny"],
  [["masked-frames", "--width", "10", "--heads", "3"], "--heads must divide --width, got 3 for 10"],
  [["masked-frames", "--batch-size", "200"], "--batch-size must not be greater than the data"],
  [["masked-frames", ...reading.slice(0, 3), "eve"], "--hold-out-speakers must be speakers of"],
  [["masked-frames", "--hold-out-speakers", "ann"], "Say what does: --speaker folder"],
  [["speaker-contrastive", "--noise-snr", "9"], "--noise-snr <dB,dB>' argument '9' is invalid. It must be two numbers"],
] as const)("pretrain %j is refused in the command's own words", async (args, message) => {
  const ended = await runHere(["pretrain", ...args, "--data", at("voices"), "--out", at("refused"), ...engine]);
  expect(ended.error?.message).toContain(message);
  expect(await readdir(folder)).not.toContain("refused");
});

it("inspect looks at recordings without training", async () => {
  const { output, errors } = await runHere(["inspect", at("voices"), "--as", "speech", "--pattern", VOICES_PATTERN]);
  expect(output + errors).toMatch(/33 recordings/);
  expect(output).toContain("1_cy_9.wav");
});
