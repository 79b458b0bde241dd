import { beforeEach, describe, expect, it } from "vitest";
import { program, withinItself } from "./program.js";

let printed = "";
beforeEach(() => {
  printed = "";
});

async function ask(line: string): Promise<unknown> {
  const root = await program();
  const keep = (text: string) => {
    printed += text;
  };
  for (const command of withinItself(root)) command.configureOutput({ writeOut: keep, writeErr: keep });
  try {
    await root.parseAsync(line.split(" "), { from: "user" });
  } catch (error) {
    return error;
  }
}

describe("a wrong call is refused with what is accepted", () => {
  it.each([
    ["pretrain simclr --data x --epoch 3", "unknown option '--epoch'", "--epochs"],
    ["pretrain mocco --data x", "unknown command 'mocco'", "simclr"],
    ["pretrain simclr --data x --epochs 0", "'--epochs <n>' argument '0' is invalid", "a whole number of at least 1"],
    ["pretrain simclr --data x --encoder vit", "Allowed choices are resnet18, resnet34, resnet50", ""],
    ["pretrain simclr --data x --crop-area 1", "two numbers with a comma", ""],
    ["pretrain simclr --data x --engine fast", "Allowed choices are auto, onnx, tensorflow, cpu", ""],
    ["pretrain next-token --data x --whole-words", "unknown option '--whole-words'", "--column"],
    ["pretrain bert --data x --preset huge", "Allowed choices are tiny, mini, small, medium, base", ""],
    ["tokenizer train --data x --kind bpe --out y", "Allowed choices are wordpiece, byte-bpe", ""],
    ["generate runs/x --top-p 1.5", "a number above 0, up to 1", ""],
    ["fill-mask runs/x", "missing required argument 'text'", "<run> <text> --top"],
    ["embed runs/x --data y", "required option '--out <file>' not specified", ""],
    [
      "finetune runs/x --data y --task ner",
      "Allowed choices are classification, segmentation, detection, question-answering, tokens, translation, ctc",
      "",
    ],
    ["quickstart --only sound", "Allowed choices are images, text, speech", ""],
    ["evaluate runs/x --protocol knn", "required option '--data <path>' not specified", "--protocol"],
    [
      "evaluate runs/x --data y --protocol svm",
      "Allowed choices are knn, linear, dense-linear, perplexity, verification",
      "",
    ],
    ["quickstart --minutes -1", "a number above 0", ""],
    [
      "quickstarts",
      "unknown command 'quickstarts'",
      "quickstart advise pretrain evaluate finetune tokenizer fill-mask generate transcribe verify embed neighbours doctor",
    ],
  ])("%s", async (line, message, accepted) => {
    expect(await ask(line)).toMatchObject({ exitCode: 1 });
    expect(printed).toContain(message);
    expect(printed).toContain(accepted);
    expect(printed).toMatch(/Accepted: .*\. Explained by: autodidact.* --help/);
  });

  it.each([
    ["pretrain simclr", "--data must name the images"],
    ["pretrain bert", "--data must name the text"],
    ["pretrain bert --data x --init y --width 8", "--init brings its own model and tokenizer: leave out --width"],
    ["pretrain simclr --resume", "--resume needs the run's folder"],
    ["pretrain simclr --resume --out x --lr 1 --width 3", "leave out --lr, --width"],
    ["pretrain simclr --data x --force", "--force goes with --resume only"],
  ])("%s", async (line, message) => {
    expect(await ask(line)).toMatchObject({ name: "UsageError", message: expect.stringContaining(message) });
  });
});

describe("an option that belongs elsewhere says where", () => {
  it.each([
    ["pretrain simclr --data x --column body", "unknown option '--column'", "--column belongs to methods for text."],
    [
      "pretrain bert --data x --image-size 8",
      "unknown option '--image-size'",
      "--image-size belongs to methods for images.",
    ],
    ["pretrain simclr --data x --queue-size 8", "unknown option '--queue-size'", "--queue-size belongs to moco."],
    ["pretrain masked-lm --data x --crop-seconds 2", "unknown option", "--crop-seconds belongs to methods for speech."],
  ])("%s", async (line, unknown, owner) => {
    await ask(line);
    expect(printed).toContain(unknown);
    expect(printed).toContain(owner);
  });

  it("is no news of one that nobody has", async () => {
    await ask("pretrain simclr --data x --colunm body");
    expect(printed).not.toContain("belongs to");
  });
});

it("shows the first of many options, and where the others stand", async () => {
  await ask("pretrain masked-lm --data x --epoch 3");
  expect(printed).toContain("Did you mean --epochs?");
  expect(printed).toMatch(/Accepted: (--\S+ ){16}and \d+ more\. Explained by: autodidact pretrain masked-lm --help/);
});

describe("--help", () => {
  it("has commands in groups, those of one purpose together", async () => {
    await ask("--help");
    expect(printed).toMatch(
      /^Learn:\n {2}quickstart[\s\S]*^Measure:\n {2}evaluate[\s\S]*^Use what was learned:\n[\s\S]*^ {2}predict/m,
    );
  });

  it.each([
    "",
    "quickstart",
    "advise",
    "pretrain",
    "pretrain simclr",
    "pretrain masked-lm",
    "pretrain next-token",
    "pretrain masked-frames",
    "evaluate",
    "tokenizer",
    "tokenizer train",
    "finetune",
    "predict",
    "fill-mask",
    "generate",
    "transcribe",
    "verify",
    "embed",
    "neighbours",
    "dashboard",
    "doctor",
  ])("%s shows examples", async (command) => {
    expect(await ask(`${command} --help`.trim())).toMatchObject({ exitCode: 0 });
    expect(printed).toMatch(/\$ autodidact /);
  });
});
