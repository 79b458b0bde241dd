import { assignVariables, createRandom, crossEntropy, type Random } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { add, gather, reshape, type Scalar, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, it } from "vitest";
import { maskedTokenLoss } from "../masking/masked-token-loss.js";
import { expectClose, expectLossAndGradients, readOracle } from "../testing/oracle.js";
import { albertForPreTraining } from "./albert.js";
import { readAlbertConfig } from "./albert-config.js";
import { bertForPreTraining } from "./bert.js";
import { readBertConfig } from "./bert-config.js";

const models = {
  bert: (config: unknown, random: Random) => bertForPreTraining(readBertConfig(config), random),
  albert: (config: unknown, random: Random) => albertForPreTraining(readAlbertConfig(config), random),
};

beforeAll(useTestBackend);

describe.each([
  ["bert", "bert"],
  ["bert", "bert-padded"],
  ["albert", "albert"],
  ["albert", "albert-padded"],
] as const)("the pretraining model of %s on the case %s", (kind, name) => {
  it("computes Hugging Face's states, scores, loss and gradients", async () => {
    const oracle = await readOracle(name);
    const model = models[kind](oracle.config, createRandom(0));
    assignVariables(model.parameters, oracle.group("weights"), { from: name });

    const isPadded = name.endsWith("padded");
    const batch = {
      ids: oracle.tensor<Tensor2D>("batch.ids"),
      tokenTypes: oracle.tensor<Tensor2D>("batch.tokenTypes"),
      positions: oracle.tensor<Tensor1D>("batch.positions"),
      labels: oracle.tensor<Tensor1D>("batch.labels"),
      ...(isPadded && { seen: oracle.tensor<Tensor2D>("batch.seen", "bool") }),
    };
    const relation = oracle.tensor<Tensor1D>("batch.relation");
    tidy(() => {
      const states = model.encoder.hiddenStates(batch);
      const rows = gather(reshape(states, [-1, model.encoder.featureSize]), batch.positions) as Tensor2D;
      if (!isPadded) expectClose(states, oracle.numbers("output.states"), 1e-4, "states"); // padding's own states are of no use
      expectClose(model.scoreTokens(rows), oracle.numbers("output.tokens"), 1e-4, "tokens");
      expectClose(model.scoreRelation(model.pool(states)), oracle.numbers("output.relation"), 1e-4, "relation");
    });
    const loss = () => {
      const states = model.encoder.hiddenStates(batch);
      const relations = crossEntropy(model.scoreRelation(model.pool(states)), relation);
      return add(maskedTokenLoss(model, states, batch), relations) as Scalar;
    };
    expectLossAndGradients(loss, model.parameters, oracle);
  });
});
