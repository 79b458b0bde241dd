/**
 * The child process that runs the SimCLR step as @autodidact/vision and @autodidact/core train it, compiled; the views are
 * given, as they are to the peers, so that no augmentation is measured.
 */
import {
  chooseEngine,
  compileStep,
  createRandom,
  gradientsOf,
  type Named,
  namedVariables,
  sgd,
  type Tensors,
  training,
} from "@autodidact/core";
import type { OnnxBackend, Stats } from "@autodidact/tfjs-backend-onnx";
import { type Augment, cifar10Statistics, resnet18, simclr, type TwoViews } from "@autodidact/vision";
import {
  engine,
  type Scalar,
  scalar,
  type Tensor4D,
  tensor,
  tensor4d,
  tidy,
  transpose,
  type Variable,
} from "@tensorflow/tfjs-core";
import { serve } from "../harness/serve.js";
import { deterministic } from "../programs/deterministic.js";
import type { SimclrSize } from "../programs/simclr.js";

const SIDE = 32;

/** Hands on the views that stand in the batch. */
const givenViews: Augment = Object.assign((_: Tensor4D, { views }: Tensors) => views as Tensor4D, {
  draw: () => ({}),
  size: SIDE,
  channels: 3,
  statistics: cifar10Statistics,
});

await serve(async ({ threads, provider, size }) => {
  const chosen = await chooseEngine({ engine: "onnx", threads, provider: provider as "cpu" | "webgpu" | undefined });
  return { version: chosen.version, step: simclrStep(size as unknown as SimclrSize), engine: counters };
});

function simclrStep({ width, images }: SimclrSize): () => Promise<number> {
  const random = createRandom(0);
  const method = simclr(resnet18({ width, stem: "cifar", random }), givenViews, random, { temperature: 0.5 });
  const parameters = namedVariables(method.learned, "parameters");
  fill(parameters);
  const optimizer = sgd(parameters, { momentum: 0.9, weightDecay: 5e-4 });

  const step = compileStep(({ batch, learningRate }: { batch: Tensors; learningRate: Scalar }) => {
    const { loss, gradients } = gradientsOf(() => training(() => method.loss(batch as TwoViews)), parameters);
    optimizer.step(gradients, learningRate);
    return { loss };
  });

  const inputs = { batch: givenBatch(images), learningRate: scalar(0.012) };
  return async () => {
    const { loss } = await step(inputs);
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
}

function givenBatch(images: number): TwoViews {
  const pixels = deterministic("x", 2 * images * 3 * SIDE * SIDE, Math.sqrt(3));
  const half = pixels.length / 2;
  const view = (from: number) =>
    tidy(() => transpose(tensor4d(pixels.slice(from, from + half), [images, 3, SIDE, SIDE]), [0, 2, 3, 1])); // [N, H, W, C]
  const first = view(0);
  return { images: first, first: { views: first }, second: { views: view(half) } };
}

/** The weights and biases of convolutions and linear layers, by the names that the peers use too. */
function fill(parameters: Named<Variable>): void {
  for (const [name, variable] of Object.entries(parameters)) {
    const weight = parameters[name.replace(/bias$/, "weight")]!;
    if (weight.rank < 2) continue; // a norm
    const bound = 1 / Math.sqrt(weight.size / weight.shape[0]!);
    tidy(() => variable.assign(tensor(deterministic(name, variable.size, bound), variable.shape)));
  }
}

function counters(): Stats {
  return (engine().backend as OnnxBackend).stats();
}
