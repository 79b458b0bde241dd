import { assignVariables, createRandom, crossEntropy } from "@autodidact/core";
import { add, type Scalar, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { maskedTokenLoss } from "../masking/masked-token-loss.js";
import { useTestBackend } from "../testing/backend.js";
import { expectClose, expectLossAndGradients, readOracle } from "../testing/oracle.js";
import { bertForPreTraining } from "./bert.js";
import { readBertConfig } from "./bert-config.js";

beforeAll(useTestBackend);

describe.each(["bert", "bert-padded"])("BertForPreTraining on the case %s", (name) => {
  it("computes Hugging Face's states, scores, loss and gradients", async () => {
    const oracle = await readOracle(name);
    const model = bertForPreTraining(readBertConfig(oracle.config), createRandom(0));
    assignVariables(model.parameters, oracle.group("weights"), { from: name });
    expect(Object.keys(model.parameters).sort()).toEqual([...oracle.group("weights").keys()].sort());

    const batch = {
      ids: oracle.tensor<Tensor2D>("batch.ids"),
      tokenTypes: oracle.tensor<Tensor2D>("batch.tokenTypes"),
      positions: oracle.tensor<Tensor1D>("batch.positions"),
      labels: oracle.tensor<Tensor1D>("batch.labels"),
      ...(name.endsWith("padded") && { seen: oracle.tensor<Tensor2D>("batch.seen", "bool") }),
    };
    const relation = oracle.tensor<Tensor1D>("batch.relation");
    tidy(() => {
      const states = model.encoder.hiddenStates(batch);
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
