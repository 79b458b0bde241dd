/**
 * The child process that runs a language model's step as @autodidact/text and @autodidact/core train it, compiled: forward, backward,
 * AdamW, for the next token clipping too; the batch is given, as it is to the peers.
 */
import {
  adamW,
  chooseEngine,
  clipByGlobalNorm,
  compileStep,
  createRandom,
  gradientsOf,
  lossOf,
  type Named,
  parameterGroups,
  type Tensors,
  training,
} from "@autodidact/core";
import {
  bertConfig,
  bertForMaskedLM,
  gpt2Config,
  gpt2LMHeadModel,
  maskedLm,
  nextToken,
  type TextModel,
  type Tokenizer,
} from "@autodidact/text";
import type { OnnxBackend } from "@autodidact/tfjs-backend-onnx";
import { engine, type Scalar, scalar, tensor, tensor1d, tensor2d, tidy, type Variable } from "@tensorflow/tfjs-core";
import { serve } from "../harness/serve.js";
import { deterministic } from "../programs/deterministic.js";
import type { MaskedLmSize, TextSize } from "../programs/text.js";

const random = createRandom(0);

await serve(async ({ work, threads, provider, size }) => {
  const chosen = await chooseEngine({ engine: "onnx", threads, provider: provider as "cpu" | "webgpu" | undefined });
  const counters = () => (engine().backend as OnnxBackend).stats();
  const program = work === "masked-lm" ? maskedLmProgram : nextTokenProgram;
  return { version: chosen.version, step: program(size as unknown as MaskedLmSize), engine: counters };
});

interface Recipe {
  model: TextModel;
  loss(batch: Tensors): Scalar;
  batch: Tensors;
  betas: [number, number];
  learningRate: number;
  weightDecay: number;
  /** Norms and biases too. */
  decaysAll: boolean;
  clipNorm?: number;
}

function maskedLmProgram(size: MaskedLmSize): () => Promise<number> {
  const { layers, heads, width, context, batch, vocabulary, masked } = size;
  const config = bertConfig("mini", {
    vocab_size: vocabulary,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    hidden_size: width,
    max_position_embeddings: context,
  });
  const model = bertForMaskedLM(config, random);
  const special = { pad: 0, unknown: 1, classification: 2, separator: 3, mask: 4 };
  const method = maskedLm(model, { special, vocabularySize: vocabulary } as unknown as Tokenizer); // the batch is given: nothing is encoded
  const targets = wholeNumbers("targets", batch * context, vocabulary);
  const positions = Int32Array.from({ length: batch * masked }, (_, i) => {
    return Math.floor(i / masked) * context + (i % masked);
  });
  return trainingStep({
    model,
    loss: (given) => training(() => lossOf(method.loss(given as Parameters<typeof method.loss>[0]))),
    batch: {
      ids: tensor2d(wholeNumbers("ids", batch * context, vocabulary), [batch, context], "int32"),
      positions: tensor1d(positions, "int32"),
      labels: tensor1d(
        positions.map((place) => targets[place]!),
        "int32",
      ),
    },
    betas: [0.9, 0.999],
    learningRate: 1e-4,
    weightDecay: 0.01,
    decaysAll: true,
  });
}

function nextTokenProgram({ layers, heads, width, context, batch, vocabulary }: TextSize): () => Promise<number> {
  const config = gpt2Config("mini", {
    vocab_size: vocabulary,
    n_layer: layers,
    n_head: heads,
    n_embd: width,
    n_positions: context,
  });
  const model = gpt2LMHeadModel(config, random);
  const method = nextToken(model);
  const tokens = (name: string) => wholeNumbers(name, batch * context, vocabulary);
  return trainingStep({
    model,
    loss: (given) => training(() => lossOf(method.loss(given as Parameters<typeof method.loss>[0]))),
    batch: { ids: tensor2d(tokens("x"), [batch, context], "int32"), labels: tensor1d(tokens("y"), "int32") },
    betas: [0.9, 0.99],
    learningRate: 1e-3,
    weightDecay: 0.1,
    decaysAll: false,
    clipNorm: 1,
  });
}

function trainingStep(recipe: Recipe): () => Promise<number> {
  const { model, loss, batch, betas, learningRate, weightDecay, decaysAll, clipNorm } = recipe;
  const { parameters } = model;
  fill(parameters);
  const groups = decaysAll ? [{ parameters, weightDecay }] : parameterGroups(parameters, { weightDecay });
  const optimizer = adamW(groups, { betas });

  const step = compileStep(({ batch, learningRate }: { batch: Tensors; learningRate: Scalar }) => {
    const found = gradientsOf(() => loss(batch), parameters);
    const gradients = clipNorm ? clipByGlobalNorm(found.gradients, clipNorm).gradients : found.gradients;
    optimizer.step(gradients, learningRate);
    return { loss: found.loss };
  });
  const inputs = { batch, learningRate: scalar(learningRate) };
  return async () => {
    const { loss } = await step(inputs);
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
}

/** Matrices within ±0.05 by Hugging Face's names, which the peers use too; norms stay 1 and biases 0. */
function fill(parameters: Named<Variable>): void {
  for (const [name, variable] of Object.entries(parameters)) {
    if (variable.rank < 2) continue;
    tidy(() => variable.assign(tensor(deterministic(name, variable.size, 0.05), variable.shape)));
  }
}

/** Numbers in [0, below). */
function wholeNumbers(name: string, count: number, below: number): Int32Array {
  return Int32Array.from(deterministic(name, count, 1), (value) => Math.floor(((value + 1) / 2) * below));
}
