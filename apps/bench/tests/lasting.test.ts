/** Runs that something happens to: signals, outputs that close, folders that vanish, starts that fail. */
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ended, runCli, startCli } from "./run-cli.js";
import { writeStripes } from "./stripes.js";

const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];
const BIN = fileURLToPath(new URL("../bin/autodidact.mjs", import.meta.url));

let folder: string;
const at = (path: string) => join(folder, path);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  await writeStripes(at("stripes"));
});
afterAll(() => rm(folder, { recursive: true }));

const endless = (out: string) => [
  ...["pretrain", "simclr", "--data", "stripes", "--out", out, "--width", "2", "--batch-size", "8"],
  ...["--steps", "100000", "--save-every", "100000", ...engine],
];
const checkpoints = (run: string) => readdir(at(`${run}/checkpoints`));

/** A shell's line, for what only a shell can do. */
function shell(line: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile("bash", ["-c", line], { cwd: folder, env: { ...process.env, BIN } }, (error, output, errors) =>
      resolve({ code: error === null ? 0 : Number(error.code), signal: null, output, errors }),
    );
  });
}

describe("what ends a run saves it first", () => {
  it("a closed terminal, which may say so twice", async () => {
    const run = startCli(endless("runs/hangup"), folder);
    await run.seen(/step 1\//);
    run.process.kill("SIGHUP");
    run.process.kill("SIGHUP");
    expect((await run.ended).code).toBe(129);
    expect(await checkpoints("runs/hangup")).toHaveLength(1);
  });

  it("a reader that has seen enough", async () => {
    const child = spawn(process.execPath, [BIN, ...endless("runs/head")], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    await new Promise<void>((resolve) =>
      child.stderr.on("data", (part) => {
        if (String(part).includes("step 1/")) resolve();
      }),
    );
    child.stderr.destroy();
    child.stdout.destroy();
    expect(await ended).toBe(141);
    expect(await checkpoints("runs/head")).toHaveLength(1);
  });
});

it("an output that cannot be written is told in one line", async () => {
  const { code, errors } = await shell('node "$BIN" --help >/dev/full');
  expect([code, errors]).toEqual([
    1,
    expect.stringMatching(/^error: the standard output cannot be written: ENOSPC.*\n$/),
  ]);
  expect((await shell('node "$BIN" --help | head -1')).errors).toBe("");
});

it("a run whose folder vanishes is an error, and the folder does not come up again", async () => {
  const run = startCli(endless("runs/gone"), folder);
  await run.seen(/step 1\//);
  await rm(at("runs/gone"), { recursive: true });
  const { code, errors } = await run.ended;
  expect([code, errors]).toEqual([1, expect.stringContaining("runs/gone was deleted or moved")]);
  expect(await readdir(at("runs"))).not.toContain("gone");
});

describe("a start that fails leaves nothing", () => {
  it("where --out is not free, or lies in the data", async () => {
    await mkdir(at("mine"));
    await writeFile(at("mine/notes.txt"), "mine");
    const used = await runCli(endless("mine"), folder);
    expect([used.code, used.errors]).toEqual([
      2,
      expect.stringContaining("must be new or empty, and it holds notes.txt"),
    ]);
    expect(await readdir(at("mine"))).toEqual(["notes.txt"]);
    const inside = await runCli(["pretrain", "simclr", "--data", ".", ...engine], at("stripes"));
    expect([inside.code, inside.errors]).toEqual([
      2,
      expect.stringMatching(/must not be inside --data \.: .* --out \.\.\/simclr-/),
    ]);
    expect((await readdir(at("stripes"))).sort()).toEqual(["test", "train"]);
  });

  it("where no text can be read", async () => {
    await mkdir(at("empty"));
    await writeFile(at("empty/a.txt"), "");
    const { code } = await runCli(["pretrain", "masked-lm", "--data", "empty", "--out", "new/run", ...engine], folder);
    expect(code).toBe(2);
    expect(await readdir(folder)).not.toContain("new");
  });
});

it("a finished run that is resumed keeps what the user put beside its files", async () => {
  const args = ["pretrain", "simclr", "--data", "stripes", "--out", "runs/done", "--width", "2", "--batch-size", "8"];
  await runCli([...args, "--steps", "3", ...engine], folder);
  await writeFile(at("runs/done/encoder/mine.txt"), "mine");
  await mkdir(at("runs/done/.old-encoder"));
  const again = await runCli(["pretrain", "simclr", "--out", "runs/done", "--resume", ...engine], folder);
  expect([again.code, again.errors]).toEqual([0, expect.stringContaining("resuming after step 3")]);
  expect(await readFile(at("runs/done/encoder/mine.txt"), "utf8")).toBe("mine");
  expect(await readdir(at("runs/done"))).toContain(".old-encoder");

  await rm(at("runs/done/encoder/model.safetensors")); // to be written again, and yet mine.txt is there
  const refused = await runCli(["pretrain", "simclr", "--out", "runs/done", "--resume", ...engine], folder);
  expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining("it holds mine.txt, which is not of it")]);
});

it("few file descriptors are met with what to do, not with packages that seem missing", async () => {
  const { code, errors } = await shell('ulimit -n 64; node "$BIN" --version');
  expect([code, errors]).toEqual([1, expect.stringContaining("the limit is 64. Raise it: ulimit -n 4096")]);
});
