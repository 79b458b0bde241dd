/**
 * The child process that runs a character GPT's step as @autodidact/core trains it, compiled: forward, backward, clipping, AdamW.
 */
import {
  adamW,
  chooseEngine,
  clipByGlobalNorm,
  compileStep,
  createRandom,
  crossEntropy,
  defineModule,
  embedding,
  gelu,
  gradientsOf,
  layerNorm,
  linear,
  type Module,
  type Named,
  namedVariables,
  parameterGroups,
  scaledDotProductAttention,
} from "@autodidact/core";
import type { OnnxBackend } from "@autodidact/tfjs-backend-onnx";
import {
  add,
  engine,
  matMul,
  reshape,
  type Scalar,
  scalar,
  split,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tensor2d,
  tidy,
  transpose,
  type Variable,
} from "@tensorflow/tfjs-core";
import { serve } from "../harness/serve.js";
import { deterministic } from "../programs/deterministic.js";
import type { TextSize } from "../programs/text.js";

const random = createRandom(0);

await serve(async ({ threads, size }) => {
  const { version } = await chooseEngine({ engine: "onnx", threads });
  const counters = () => (engine().backend as OnnxBackend).stats();
  return { version, step: gptStep(size as unknown as TextSize), engine: counters };
});

function gptStep(size: TextSize): () => Promise<number> {
  const { context, batch, vocabulary } = size;
  const model = gpt(size);
  const parameters = namedVariables({ model }, "parameters");
  fill(parameters);
  const optimizer = adamW(parameterGroups(parameters, { weightDecay: 0.1 }), { betas: [0.9, 0.99] });

  const step = compileStep(({ x, y, learningRate }: { x: Tensor; y: Tensor; learningRate: Scalar }) => {
    const loss = () => crossEntropy(reshape(model(x), [-1, vocabulary]) as Tensor2D, reshape(y, [-1]) as Tensor1D);
    const found = gradientsOf(loss, parameters);
    const { gradients } = clipByGlobalNorm(found.gradients, 1);
    optimizer.step(gradients, learningRate);
    return { loss: found.loss };
  });

  const tokens = (name: string) => {
    const values = deterministic(name, batch * context, 1);
    const ids = Int32Array.from(values, (value) => Math.floor(((value + 1) / 2) * vocabulary));
    return tensor2d(ids, [batch, context], "int32");
  };
  const inputs = { x: tokens("x"), y: tokens("y"), learningRate: scalar(1e-3) };
  return async () => {
    const { loss } = await step(inputs);
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
}

/** Ids [B, T] to logits [B, T, vocabulary]: pre-norm blocks without biases, the embedding tied to the head. */
function gpt({ layers, heads, width, context, vocabulary }: TextSize): Module<Tensor, Tensor> {
  const tokens = embedding(vocabulary, width, { random });
  const places = embedding(context, width, { random });
  const blocks = Array.from({ length: layers }, () => block(width, heads));
  const norm = layerNorm(width);

  const forward = (ids: Tensor): Tensor => {
    let x = add(tokens(ids), places.parameters.weight!); // [B, T, D]
    for (const layer of blocks) x = layer(x);
    const rows = reshape(norm(x), [-1, width]) as Tensor2D;
    const head = tokens.parameters.weight as Tensor as Tensor2D;
    return reshape(matMul(rows, head, false, true), [...ids.shape, vocabulary]);
  };
  return defineModule(forward, {
    children: [
      ["tokens", tokens],
      ["places", places],
      ...blocks.map((layer, i) => [`blocks.${i}`, layer] as const),
      ["norm", norm],
    ],
  });
}

function block(width: number, heads: number): Module<Tensor, Tensor> {
  const [norm1, norm2] = [layerNorm(width), layerNorm(width)];
  const plain = (inputs: number, outputs: number) => linear(inputs, outputs, { random, bias: false });
  const [qkv, out, up, down] = [
    plain(width, 3 * width),
    plain(width, width),
    plain(width, 4 * width),
    plain(4 * width, width),
  ];

  const attention = (x: Tensor): Tensor => {
    const [batch, context] = x.shape as [number, number];
    const apart = (part: Tensor) => transpose(reshape(part, [batch, context, heads, width / heads]), [0, 2, 1, 3]);
    const [q, k, v] = split(qkv(x), 3, 2).map((part) => apart(part) as Tensor4D); // [B, H, T, D/H]
    const seen = scaledDotProductAttention(q!, k!, v!, { causal: true });
    return out(reshape(transpose(seen, [0, 2, 1, 3]), [batch, context, width]));
  };
  const forward = (x: Tensor): Tensor => {
    const attended = add(x, attention(norm1(x)));
    return add(attended, down(gelu(up(norm2(attended)))));
  };
  return defineModule(forward, {
    children: [
      ["norm1", norm1],
      ["qkv", qkv],
      ["out", out],
      ["norm2", norm2],
      ["up", up],
      ["down", down],
    ],
  });
}

/** Matrices within ±0.05 by the names that the peer uses too; norms stay 1 and 0. */
function fill(parameters: Named<Variable>): void {
  for (const [name, variable] of Object.entries(parameters)) {
    if (variable.rank < 2) continue;
    tidy(() => variable.assign(tensor(deterministic(name, variable.size, 0.05), variable.shape)));
  }
}
