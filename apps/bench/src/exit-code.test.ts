/** What the user's words are at fault for ends with 2 and no hint at the program's insides; failures of the program and of the system with 1. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { encodePng, Interrupted, UsageError } from "@autodidact/core";
import { CommanderError } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../tests/run-here.js";
import { exitCodeOf } from "./exit-code.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  const png = encodePng({ pixels: new Uint8Array(8 * 8 * 3), height: 8, width: 8, channels: 3 });
  const files: Record<string, string | Uint8Array> = {
    "empty.txt": "",
    "body.csv": "id,body\n1,A film.\n2,A book.\n",
    "torn.csv": 'text\n"never closed\n',
    "unclear/train/1.png": png,
    "unclear/other/2.png": png,
    "unclear/3.png": png,
    "flat/1.png": png,
    "flat/2.png": png,
    "one/1.png": png,
    "images.tar": "no archive",
    "broken/config.json": "{",
    "strange/config.json": '{"method":"mocco"}',
    "begun/config.json": '{"method":"simclr"}',
    "begun/metrics.jsonl": "",
    "texts/config.json": '{"method":"bert"}',
    "suite.json": "{}",
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await mkdir(join(folder, "nothing"));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ["inspect @nowhere", "nothing of that name is there"],
  ["inspect @nothing", "cannot be read as any of"],
  ["inspect @flat --as text", "must be or hold"],
  ["pretrain simclr --data @nowhere", "nothing of that name is there"],
  ["pretrain simclr --data @nothing", "an empty folder"],
  ["pretrain simclr --data @unclear", "may be read in two ways"],
  ["pretrain simclr --data @flat --layout parts", "must hold folders named as parts"],
  ["pretrain simclr --data @images.tar", "no whole tar archive"],
  ["pretrain simclr --data @one", "two images at least"],
  ["pretrain simclr --data @flat --batch-size 8", "must not be greater than the data"],
  ["pretrain simclr --data @begun", "is the folder of a run"],
  ["pretrain simclr --resume --out @nowhere", "must hold a run"],
  ["pretrain simclr --resume --out @broken", "must be JSON"],
  ["pretrain simclr --resume --out @begun", "not the settings of a pretraining run"],
  ["pretrain simclr --data @flat --init @nowhere", ""],
  ["pretrain mae --data @flat --mask-ratio 1", ""], // commander has printed it
  ["pretrain next-token --data @nowhere", "nothing of that name is there"],
  ["pretrain next-token --data @flat", "must be or hold"],
  ["pretrain next-token --data @body.csv", "must have a column text, got id, body"],
  ["pretrain next-token --data @body.csv --header no", "has 2 without names"],
  ["pretrain next-token --data @body.csv --column body --encoding nonsense", "encoding must be one"],
  ["pretrain next-token --data @body.csv --column body --delimiter ab", "delimiter must be one character"],
  ["pretrain next-token --data @body.csv --column body --tokenizer @nowhere", ""],
  ["pretrain masked-frames --data @nowhere", "nothing of that name is there"],
  ["pretrain masked-frames --data @flat", "must be or hold"],
  ["tokenizer train --data @nowhere --out @made", "nothing of that name is there"],
  ["tokenizer train --data @empty.txt --out @made", "the file is empty"],
  ["evaluate @nowhere --data x --protocol knn", "must hold a run"],
  ["evaluate @strange --data x --protocol knn", "must name a method"],
  ["evaluate @begun --data x --protocol perplexity", "perplexity cannot be asked"],
  ["evaluate @begun --data x --protocol knn --column body", "does not go with"],
  ["finetune @nowhere --data x", "must hold a run"],
  ["finetune @begun --data x --task ctc", "ctc cannot teach"],
  ["embed @nowhere --data x --out y.csv", "must hold a run"],
  ["embed @begun --data x --out y.doc", "must end in"],
  ["embed @begun --data x --out y.csv --documents files", "--documents does not go with images; it belongs to text"],
  ["neighbours @nowhere --data x --query y", "must hold a run"],
  ["predict @nowhere --text a", "must hold a run"],
  ["predict @begun a.png b.png", "--image a.png --image b.png"],
  ["predict @texts good bad", "--text good --text bad"],
  ["predict @begun", "predict needs one of"],
  ["fill-mask @nowhere [MASK]", ""],
  ["generate @nowhere", ""],
  ["transcribe @nowhere @nowhere", ""],
  ["bench run --suite @nowhere --store @store", ""],
  ["bench run --suite @suite.json --store @store", ""],
])("%s", async (line, message) => {
  const { error } = await runHere(line.replaceAll("@", `${folder}/`).split(" "));
  expect(String(error)).toContain(message);
  expect(exitCodeOf(error), String(error?.stack)).toBe(2);
});

describe("all else", () => {
  it("fails with 1, ends by signals, or is done", () => {
    expect(exitCodeOf(new Error("a fault of the program"))).toBe(1);
    expect(exitCodeOf(new CommanderError(1, "commander.unknownOption", ""))).toBe(2);
    expect(exitCodeOf(new CommanderError(0, "commander.help", ""))).toBe(0);
    expect(exitCodeOf(new Interrupted("SIGINT"))).toBe(130);
  });

  it("of the system is no fault of what was asked, whoever told it", () => {
    const cause = Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
    expect(exitCodeOf(new UsageError("photos cannot be read", { cause }))).toBe(1);
  });
});
