import {
  type PreparedFacts,
  parseTextSettings,
  type TextOptions,
  type TextSettings,
  textMethods,
  textOptionGroups,
  textSettingsFrom,
} from "@autodidact/text/cards";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addOptionGroups } from "../command-options.js";

const tokenizer = { vocabularySize: 1000, special: { pad: 0, endOfText: 7 } } as unknown as PreparedFacts["tokenizer"];
const facts: PreparedFacts = {
  path: "/text",
  tokenizerFrom: "trained on the data",
  tokenizer,
  trainTokens: 100_000,
  initConfig: undefined,
};

function settings(method: TextSettings["method"], args = "", more: Partial<PreparedFacts> = {}): TextSettings {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addOptionGroups(command, textOptionGroups(textMethods[method]));
  command.parse(args.split(" ").filter(Boolean), { from: "user" });
  return textSettingsFrom(textMethods[method], command.opts<TextOptions>(), { ...facts, ...more });
}

describe("textSettingsFrom", () => {
  it("makes a BERT mini where nothing is told, and reads itself back", () => {
    const made = settings("masked-lm");
    expect(made).toMatchObject({
      method: "masked-lm",
      context: 128,
      batchSize: 32,
      steps: 2000,
      warmup: 0.1,
      clipNorm: 1,
      init: null,
      data: { path: "/text", column: "text", validationShare: 0.1, packed: true },
      optimizer: { learningRate: 1e-3, weightDecay: 0.01 },
      model: {
        model_type: "bert",
        num_hidden_layers: 4,
        hidden_size: 256,
        vocab_size: 1000,
        max_position_embeddings: 128,
      },
    });
    expect(parseTextSettings(JSON.parse(JSON.stringify(made)), "config.json")).toEqual(made);
  });

  it("makes nanoGPT's CPU recipe of what was typed", () => {
    const made = settings("next-token", "--layers 4 --heads 4 --width 128 --context 64 --batch-size 12 --steps 2000");
    expect(made.model).toMatchObject({ model_type: "gpt2", n_layer: 4, n_head: 4, n_embd: 128, n_positions: 64 });
    expect(made.model).toMatchObject({ bos_token_id: 7, eos_token_id: 7, resid_pdrop: 0 });
    expect(made.optimizer.weightDecay).toBe(0.1);
  });

  it("counts epochs in tokens", () => {
    expect(settings("bert", "--epochs 3 --batch-size 10 --context 100").steps).toBe(300); // 3 × 100,000 / 1,000
    expect(() => settings("bert", "--epochs 3 --steps 5")).toThrow("cannot be used with");
  });

  it("takes ALBERT for the order of sentences, and BERT where it is asked for", () => {
    expect(settings("sentence-order").model.model_type).toBe("albert");
    expect(settings("sentence-order", "--architecture bert").model.model_type).toBe("bert");
    expect(() => settings("next-token", "--architecture bert")).toThrow("unknown option");
  });

  it("continues a model with its own config, places and a lower rate", () => {
    const initConfig = { model_type: "bert", max_position_embeddings: 64 };
    const made = settings("masked-lm", "--init bert", { initConfig });
    expect([made.model, made.context, made.optimizer.learningRate]).toEqual([initConfig, 64, 5e-5]);
  });

  it("leaves out what is 0, and refuses what no method knows", () => {
    expect(settings("masked-lm", "--clip 0 --no-pack --whole-words")).toMatchObject({
      clipNorm: null,
      wholeWords: true,
      data: { packed: false },
    });
    expect(() => settings("next-token", "--whole-words")).toThrow("unknown option");
  });
});

it("parseTextSettings names what is wrong in a damaged config", () => {
  expect(() => parseTextSettings({ ...settings("bert"), context: 0 }, "runs/a/config.json")).toThrow(
    /runs\/a\/config\.json.*\n.*context/s,
  );
});
