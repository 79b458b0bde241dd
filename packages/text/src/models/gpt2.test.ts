import { assignVariables, createRandom, crossEntropy, lossOf } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { reshape, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { nextToken } from "../next-token.js";
import { expectClose, expectLossAndGradients, readOracle } from "../testing/oracle.js";
import { smallGpt2 } from "../testing/small-models.js";
import { gpt2LMHeadModel } from "./gpt2.js";
import { readGpt2Config } from "./gpt2-config.js";

beforeAll(useTestBackend);

describe("GPT2LMHeadModel", () => {
  it("computes Hugging Face's states, scores, loss and gradients", async () => {
    const oracle = await readOracle("gpt2");
    const model = gpt2LMHeadModel(readGpt2Config(oracle.config), createRandom(0));
    assignVariables(model.parameters, oracle.group("weights"), { from: "gpt2" });
    const ids = oracle.tensor<Tensor2D>("batch.ids");
    const labels = reshape(oracle.tensor("batch.labels"), [-1]) as Tensor1D;
    const score = () => model.scoreTokens(reshape(model.encoder.hiddenStates({ ids }), [-1, 16]) as Tensor2D);
    tidy(() => {
      expectClose(model.encoder.hiddenStates({ ids }), oracle.numbers("output.states"), 1e-4, "states");
      expectClose(score(), oracle.numbers("output.tokens"), 1e-4, "scores");
    });
    expectLossAndGradients(() => crossEntropy(score(), labels), model.parameters, oracle);
    expectLossAndGradients(() => lossOf(nextToken(model).loss({ ids, labels })), model.parameters, oracle);
  });

  it("starts weights that write into the residual stream smaller by √(2 layers)", () => {
    const { parameters } = gpt2LMHeadModel(
      { ...smallGpt2, n_embd: 64, n_layer: 8, initializer_range: 0.02 },
      createRandom(1),
    );
    const deviation = (name: string) => {
      const values = [...parameters[name]!.dataSync()];
      return Math.sqrt(values.reduce((total, value) => total + value ** 2, 0) / values.length);
    };
    expect(deviation("transformer.h.3.attn.c_attn.weight")).toBeCloseTo(0.02, 3);
    expect(deviation("transformer.h.3.attn.c_proj.weight")).toBeCloseTo(0.02 / 4, 3);
    expect(deviation("transformer.h.7.mlp.c_proj.weight")).toBeCloseTo(0.02 / 4, 3);
    expect(deviation("transformer.wte.weight")).toBeCloseTo(0.02, 2);
  });
});
