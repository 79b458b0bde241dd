/**
 * Models in training, with masks that both sides have from one key (tools/oracles/keyed_masks.py).
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assignVariables,
  chanceKey,
  chooseEngine,
  createRandom,
  crossEntropy,
  training,
  writeSafetensors,
} from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import {
  add,
  gather,
  reshape,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSequenceClassifier } from "../finetuning/sequence-classifier.js";
import { maskedTokenLoss } from "../masking/masked-token-loss.js";
import { classifiedBatch } from "../testing/classified-batch.js";
import { expectClose, expectLossAndGradients, readOracle } from "../testing/oracle.js";
import { smallAlbert, smallBert, smallGpt2 } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
import { albertForPreTraining } from "./albert.js";
import { readAlbertConfig } from "./albert-config.js";
import { bertForMaskedLM } from "./bert.js";
import { readBertConfig } from "./bert-config.js";
import { gpt2LMHeadModel } from "./gpt2.js";

const here = useTemporaryFolder();
const key = () => tensor1d([7, 2047, 1024, 333], "int32");

const engines = {
  "the kernels": { engine: "onnx" },
  "ONNX Runtime's own operators": { engine: "onnx", kernels: false },
  "TensorFlow.js's CPU backend": { engine: "cpu" },
} as const;

describe.each(Object.entries(engines))("dropout by %s", (_, engine) => {
  beforeAll(async () => void (await chooseEngine(engine)));
  afterAll(async () => void (await useTestBackend()));

  it.each(["bert-classes", "albert-classes", "gpt2-classes"])("is Hugging Face's in the case %s", async (kind) => {
    const name = `${kind}-dropped`;
    const oracle = await readOracle(name);
    const folder = here.path(name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "config.json"), JSON.stringify(oracle.config));
    await writeSafetensors(join(folder, "model.safetensors"), oracle.group("weights"));
    const classifier = await loadSequenceClassifier(folder, toyTokenizer(29), createRandom(0));
    const { batch, labels } = classifiedBatch(oracle);
    const loss = () => crossEntropy(classifier.classify(batch), labels);
    training(() => expectLossAndGradients(loss, classifier.parameters, oracle), key());
  });

  it("is Hugging Face's where ALBERT learns the order of segments", async () => {
    const oracle = await readOracle("albert-dropped");
    const model = albertForPreTraining(readAlbertConfig(oracle.config), createRandom(0));
    assignVariables(model.parameters, oracle.group("weights"), { from: "albert-dropped" });
    const batch = {
      ids: oracle.tensor<Tensor2D>("batch.ids"),
      tokenTypes: oracle.tensor<Tensor2D>("batch.tokenTypes"),
      positions: oracle.tensor<Tensor1D>("batch.positions"),
      labels: oracle.tensor<Tensor1D>("batch.labels"),
    };
    const relation = oracle.tensor<Tensor1D>("batch.relation");
    const states = () => model.encoder.hiddenStates(batch);
    const loss = () => {
      const last = states();
      const relations = crossEntropy(model.scoreRelation(model.pool(last)), relation);
      return add(maskedTokenLoss(model, last, batch), relations) as Scalar;
    };
    tidy(() => {
      const scored = training(() => {
        const last = states();
        const rows = gather(reshape(last, [-1, model.encoder.featureSize]), batch.positions) as Tensor2D;
        return [last, model.scoreTokens(rows), model.scoreRelation(model.pool(last))] as const;
      }, key());
      for (const [i, what] of ["states", "tokens", "relation"].entries())
        expectClose(scored[i]!, oracle.numbers(`output.${what}`), 1e-4, what);
    });
    training(() => expectLossAndGradients(loss, model.parameters, oracle), key());
  });
});

describe("a text model", () => {
  const ids = tensor2d([2, 7, 9, 3], [1, 4], "int32");
  const makers = {
    BERT: (rate: number) => bertForMaskedLM(smallBert, createRandom(1)).encoder.withDropout(rate),
    ALBERT: (rate: number) => albertForPreTraining(smallAlbert, createRandom(1)).encoder.withDropout(rate),
    "GPT-2": (rate: number) => gpt2LMHeadModel(smallGpt2, createRandom(1)).encoder.withDropout(rate),
  };

  it.each(Object.entries(makers))("of %s drops in training alone, by its key", (_, make) => {
    const [plain, dropping] = [make(0), make(0.1)];
    const states = (of: typeof plain) => [...of.hiddenStates({ ids }).dataSync()];
    const inTraining = (of: typeof plain, seed: number) => training(() => states(of), chanceKey(createRandom(seed)));
    expect(states(dropping)).toEqual(states(plain));
    expect(training(() => states(plain))).toEqual(states(plain));
    expect(inTraining(dropping, 1)).not.toEqual(states(plain));
    expect(inTraining(dropping, 1)).toEqual(inTraining(dropping, 1));
    expect(inTraining(dropping, 2)).not.toEqual(inTraining(dropping, 1));
    expect(() => training(() => states(dropping))).toThrow("in training there must be a key");
    expect(dropping.parameters).toEqual(dropping.withDropout(0).parameters);
  });

  it("that is new drops nothing; one that Hugging Face describes, what Hugging Face would", () => {
    expect(smallBert).toMatchObject({ hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 });
    expect(smallAlbert).toMatchObject({ hidden_dropout_prob: 0, classifier_dropout_prob: 0 });
    expect(smallGpt2).toMatchObject({ resid_pdrop: 0, embd_pdrop: 0, attn_pdrop: 0 });
    expect(readBertConfig({ model_type: "bert" })).toMatchObject({ hidden_dropout_prob: 0.1 });
    expect(readAlbertConfig({ model_type: "albert" })).toMatchObject({
      hidden_dropout_prob: 0,
      classifier_dropout_prob: 0.1,
    });
    expect(() => readBertConfig({ model_type: "bert", hidden_dropout_prob: 1 })).toThrow("hidden_dropout_prob");
  });
});
