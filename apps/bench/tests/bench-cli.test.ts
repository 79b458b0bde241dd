/** `autodidact bench` as users run it: images and text in one suite, killed in the middle, continued, told on a page. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CellRecord, openStore, resultsOf } from "@autodidact/evaluate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli, startCli } from "./run-cli.js";
import { runHere } from "./run-here.js";
import { writeOpinions, writeReports } from "./small-texts.js";
import { writeStripes } from "./stripes.js";

const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];

let folder: string;
const at = (path: string) => join(folder, path);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await Promise.all([writeStripes(at("stripes")), writeOpinions(at("opinions")), writeReports(at("reports"))]);
  const small = ["--steps", "2", "--batch-size", "4", ...engine];
  await pretrained(["simclr", "--data", at("stripes"), "--out", at("images"), "--width", "2", ...small]);
  const text = ["--layers", "1", "--heads", "1", "--width", "8", "--context", "24", "--vocabulary-size", "80"];
  await pretrained(["masked-lm", "--data", at("reports"), "--out", at("texts"), ...text, ...small]);
  await mkdir(at("alone/cats"), { recursive: true });
  await cp(at("stripes/train/lie/000.png"), at("alone/cats/1.png")); // one class: nothing to be told apart
  await writeFile(at("tones.csv"), await tones());
  await writeFile(at("suite.json"), JSON.stringify(suite));
  await writeFile(at("opinions.json"), JSON.stringify(opinions));
});
afterAll(() => rm(folder, { recursive: true }));

async function pretrained(args: readonly string[]): Promise<void> {
  const { error, errors } = await runHere(["pretrain", ...args]);
  if (error !== undefined) throw new Error(errors, { cause: error });
}

/** A group for each test image. */
async function tones(): Promise<string> {
  const rows = ["path,tone"];
  for (const kind of await readdir(at("stripes/test")))
    for (const [place, name] of (await readdir(at(`stripes/test/${kind}`))).entries())
      rows.push(`${kind}/${name},${place % 2 === 0 ? "even" : "odd"}`);
  return rows.join("\n");
}

const stripes = { name: "stripes", modality: "image", data: "stripes", protocol: "knn" };
const opinions = { name: "opinions", modality: "text", data: "opinions", protocol: "knn", options: { k: 3 } };
const suite = {
  schema: "autodidact.suite/1",
  name: "small",
  encoders: [{ name: "stripes <b>seen</b>", folder: "images" }, "texts"],
  tasks: [
    { ...stripes, labelShares: [1, 0.25], seeds: 2, groups: { file: "tones.csv", id: "path", columns: ["tone"] } },
    "opinions.json",
    { ...stripes, name: "alone", data: "alone" },
    { ...stripes, name: "probed", protocol: "linear" },
  ],
};

const run = (...args: string[]) => ["bench", "run", "--suite", "suite.json", "--store", "store", ...args, ...engine];
const cells = async (): Promise<readonly CellRecord[]> => (await openStore(at("store"))).cells;

it("says which cells there are and which pairs do not fit, and writes nothing", async () => {
  const { errors, error } = await runHere([
    "bench",
    "run",
    "--suite",
    at("suite.json"),
    "--store",
    at("none"),
    "--dry-run",
  ]);
  expect(error).toBeUndefined();
  expect(errors).toContain("to run  stripes <b>seen</b> × stripes, knn, 2 label budgets");
  expect(errors).toContain("not     texts × stripes: the encoder is of text, the task of images");
  expect(errors).toContain("4 cells, 4 to run.");
  expect(await readdir(folder)).not.toContain("none");
});

it("stops at Ctrl-C, is killed, goes on; what is done is not run again, what fails is kept and the others go on", async () => {
  const stopped = startCli(run(), folder);
  await stopped.seen(/^done {4}stripes/m);
  stopped.process.kill("SIGINT");
  const { code, errors } = await stopped.ended;
  expect([code, errors]).toEqual([130, expect.stringContaining("Stopped: 1 of 4 cells were run.")]);
  const [first] = await cells();

  const killed = startCli(run(), folder);
  await killed.seen(/cell 1 of 3 /);
  killed.process.kill("SIGKILL");
  await killed.ended;
  expect(await cells()).toEqual([first]);

  const whole = await runCli(run(), folder);
  expect(whole.code).toBe(1);
  expect(whole.output).toContain("3 of 4 cells are done.");
  expect(whole.errors).toContain("1 of 4 cells failed: stripes <b>seen</b> × alone");
  const all = await cells();
  expect([all[0], all.length]).toEqual([first, 4]);
  const failed = all.find(({ outcome }) => outcome.status === "failed")!;
  expect(failed.outcome).toMatchObject({ error: expect.stringContaining("must have labels") });
  expect(resultsOf(first!).map(({ record }) => record.protocol.settings.labelShare)).toEqual([0.25, undefined]);

  const [costs, features] = [
    new Map(all.map((cell) => [cell.cell.task.name, costOf(cell)])),
    await readdir(at("store/features")),
  ];
  expect(costs.get("probed")).toMatchObject({ cachedFeatures: true, flops: costs.get("stripes")!.flops });
  expect(costs.get("opinions")).toMatchObject({ flops: expect.any(Number), parameters: expect.any(Number) });
  expect(costs.get("opinions")!.cachedFeatures).toBeUndefined();
  expect(features).toHaveLength(2 * 2 * 2); // of images and texts, trained and untrained, to learn from and to be tested on

  const again = await runCli(run(), folder);
  expect(again.errors).toContain("4 cells, 0 to run. 1 failed before: --retry-failed runs them again.");
  expect(await cells()).toEqual(all);
});

const costOf = (cell: CellRecord) => resultsOf(cell)[0]?.record.cost;

it("keeps what was answered, with groups, and adds records to the runs", async () => {
  const store = await openStore(at("store"));
  const [first] = resultsOf(store.cells[0]!);
  const told = await store.predictions(first!.predictions!);
  expect(told).toMatchObject({ classes: ["lean", "lie", "stand"], seeds: [0, 1] });
  expect(told.examples).toHaveLength(18);
  expect(new Set(told.groups.tone)).toEqual(new Set(["even", "odd"]));
  const lines = (await readFile(at("images/results.jsonl"), "utf8")).trim().split("\n");
  expect(lines.length).toBeGreaterThanOrEqual(3);
});

it("tells a store's status, exports it, and makes a page of it that no name can break", async () => {
  const status = await runHere(["bench", "status", "--store", at("store")]);
  expect(status.output).toContain("4 cells: 3 done, 1 failed.");
  expect(status.output).toMatch(/failed {2}stripes <b>seen<\/b> × alone, knn: .*must have labels/);
  const csv = await runHere(["results", "export", "csv", "--store", at("store"), "--out", at("results.csv")]);
  expect(csv.error).toBeUndefined();
  expect((await readFile(at("results.csv"), "utf8")).split("\r\n")).toHaveLength(1 + 4 * 3 + 1 + 1); // three metrics of four results
  const report = ["bench", "report", "--store", at("store"), "--out", at("report.html")];
  for (let time = 0; time < 2; time++) expect((await runHere(report)).error).toBeUndefined(); // its own page is replaced
  const page = await readFile(at("report.html"), "utf8");
  for (const part of [
    "stripes &lt;b&gt;seen&lt;/b&gt;",
    "Overall: text",
    "Groups by tone",
    "<polyline",
    "must have labels",
  ])
    expect(page).toContain(part);
  expect(page).not.toContain("<b>seen");
  await writeFile(at("mine.html"), "<p>mine</p>");
  const refused = await runHere([...report.slice(0, -1), at("mine.html")]);
  expect(refused.error).toMatchObject({ name: "UsageError", message: expect.stringContaining("is no report") });
});

it("ends a cell that holds too much, keeps why, and runs it again when asked", async () => {
  const one = { ...suite, encoders: ["texts"], tasks: [opinions] };
  await writeFile(at("one.json"), JSON.stringify(one));
  const command = ["bench", "run", "--suite", "one.json", "--store", "tight", ...engine];
  const tight = await runCli([...command, "--memory-limit", "10"], folder);
  expect([tight.code, tight.errors]).toEqual([1, expect.stringMatching(/held \d+ MB, over the limit of 10 MB/)]);
  const retried = await runCli([...command, "--retry-failed", "--no-cache"], folder);
  expect(retried.code).toBe(0);
  expect(await readdir(at("tight"))).not.toContain("features");
  expect((await openStore(at("tight"))).cells.map(({ outcome }) => outcome.status)).toEqual(["done"]);
});

it("leaves nothing behind for a suite that is not there, and puts nothing among other things", async () => {
  const asked = (suiteName: string, store: string) =>
    runHere(["bench", "run", "--suite", at(suiteName), "--store", at(store), ...engine]);
  expect((await asked("gone.json", "unmade")).error?.message).toContain("gone.json cannot be read");
  expect(await readdir(folder)).not.toContain("unmade");
  expect((await asked("suite.json", "stripes")).error?.message).toContain("holds other things and is no store");
  expect(await readdir(at("stripes"))).toEqual(["test", "train"]);
  const report = ["bench", "report", "--store", at("store"), "--out", at("few.html"), "--hide", "text"];
  expect((await runHere(report)).error?.message).toContain("--hide text: the store has no such model");
});

it("refuses a suite with an option that is none, and a protocol that cannot be asked", async () => {
  const asked = async (task: object) => {
    await writeFile(at("wrong.json"), JSON.stringify({ ...suite, tasks: [task] }));
    return (await runHere(["bench", "run", "--suite", at("wrong.json"), "--dry-run"])).error?.message;
  };
  expect(await asked({ ...stripes, options: { kk: 3 } })).toContain("`kk` is not among the options: `k`");
  expect(await asked({ ...stripes, options: { k: "many" } })).toContain("`k` is of another kind");
  expect(await asked({ ...stripes, protocol: "perplexity" })).toContain("of images perplexity cannot be asked");
  expect(await asked({ ...stripes, protocol: "dense-linear", labelShares: [0.1] })).toContain(
    "labelShares does not go with",
  );
});
