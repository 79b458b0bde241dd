/**
 * The child process that runs the step of a method for images as @autodidact/vision and @autodidact/core train it, compiled: forward,
 * backward, optimizer, and what the method moves itself. Views and masks are given, as they are to the peers.
 */
import { chooseEngine, copyInto, createRandom, l2Normalize, type Tensors } from "@autodidact/core";
import type { OnnxBackend } from "@autodidact/tfjs-backend-onnx";
import { type Augment, byol, cifar10Statistics, mae, moco, mocoV3, resnet18, vit } from "@autodidact/vision";
import {
  engine,
  type Tensor4D,
  tensor,
  tensor1d,
  tensor2d,
  tensor4d,
  tidy,
  transpose,
  type Variable,
} from "@tensorflow/tfjs-core";
import { serve } from "../harness/serve.js";
import { deterministic } from "../programs/deterministic.js";
import { MASK_RATIO, NORM_GROUPS, type ResnetSize, SIDE, type VitSize } from "../programs/vision.js";
import { byAdamW, bySgd, type Recipe, trainingStep } from "./training-step.js";

const random = createRandom(0);

/** Hands on the views that stand in the batch. */
const givenViews: Augment = Object.assign((_: Tensor4D, { views }: Tensors) => views as Tensor4D, {
  draw: () => ({}),
  size: SIDE,
  channels: 3,
  statistics: cifar10Statistics,
});

const RECIPES: { readonly [work: string]: (size: never) => Recipe } = {
  moco: ({ width, images, queue = 4096 }: ResnetSize) => {
    const encoder = resnet18({ width, stem: "cifar", normGroups: NORM_GROUPS, random });
    const method = moco(encoder, givenViews, random, { temperature: 0.1, momentum: 0.99, queueSize: queue });
    const order = Int32Array.from({ length: images }, (_, i) => (i * 5 + 3) % images); // images is a power of two
    const back = Int32Array.from(order, (_, sample) => order.indexOf(sample));
    const shuffle = { order: tensor1d(order, "int32"), back: tensor1d(back, "int32") };
    const begin = () => {
      copyInto(method.carried!.keyEncoder as never, encoder as never);
      copyInto(method.carried!.keyProjector as never, method.learned.projector as never);
      const { rows } = method.carried!.queue as unknown as { rows: Variable };
      tidy(() => rows.assign(l2Normalize(tensor(deterministic("queue", rows.size, 1), rows.shape) as never)));
    };
    return { ...bySgd, method: method as never, batch: { ...twoViews(images), shuffle }, begin };
  },
  byol: ({ width, images, hidden = 4096 }: ResnetSize) => {
    const encoder = resnet18({ width, stem: "cifar", random });
    const method = byol(encoder, givenViews, random, { momentum: 0.99, hiddenSize: hidden });
    const begin = () => {
      copyInto(method.carried!.target as never, encoder as never);
      copyInto(method.carried!.targetProjector as never, method.learned.projector as never);
    };
    return { ...bySgd, method: method as never, batch: twoViews(images), begin };
  },
  mae: ({ width, layers, heads, patch, images, decoderWidth = 128, decoderLayers = 4 }: VitSize) => {
    const encoder = vit({ imageSize: SIDE, patchSize: patch, width, layers, heads, positions: "sincos", random });
    const method = mae(encoder, givenViews, random, { decoderWidth, decoderLayers, decoderHeads: decoderWidth / 32 });
    return { ...byAdamW, method: method as never, batch: { ...oneView(images), ...mask(images, encoder.patches) } };
  },
  "moco-v3": ({ width, layers, heads, patch, images, hidden = 4096 }: VitSize) => {
    const shape = { imageSize: SIDE, patchSize: patch, width, layers, heads };
    const encoder = vit({ ...shape, positions: "sincos", pooling: "cls", frozenPatches: true, random });
    const method = mocoV3(encoder, givenViews, random, { hiddenSize: hidden });
    const begin = () => {
      copyInto(method.carried!.keyEncoder as never, encoder as never);
      copyInto(method.carried!.keyProjector as never, method.learned.projector as never);
    };
    return { ...byAdamW, method: method as never, batch: twoViews(images), begin };
  },
};

await serve(async ({ work, threads, provider, size }) => {
  const chosen = await chooseEngine({ engine: "onnx", threads, provider: provider as "cpu" | "webgpu" | undefined });
  const counters = () => (engine().backend as OnnxBackend).stats();
  return { version: chosen.version, step: trainingStep(RECIPES[work]!(size as never)), engine: counters };
});

function twoViews(images: number): Tensors {
  const [first, second] = [views("first", images), views("second", images)];
  return { images: first, first: { views: first }, second: { views: second } };
}

function oneView(images: number): Tensors {
  const view = views("first", images);
  return { images: view, view: { views: view } };
}

/** Uniform with variance 1; the peers' lie as [N, C, H, W]. */
function views(name: string, images: number): Tensor4D {
  const pixels = deterministic(name, images * 3 * SIDE * SIDE, Math.sqrt(3));
  return tidy(() => transpose(tensor4d(pixels, [images, 3, SIDE, SIDE]), [0, 2, 3, 1])); // [N, H, W, C]
}

/** The places that `noise` sorts first are seen. */
function mask(images: number, patches: number): Tensors {
  const noise = deterministic("noise", images * patches, 1);
  const seen = Math.round(patches * (1 - MASK_RATIO));
  const kept: number[] = [];
  const restore = new Int32Array(images * patches);
  const hidden = new Float32Array(images * patches).fill(1);
  for (let n = 0; n < images; n += 1) {
    const own = noise.subarray(n * patches, (n + 1) * patches);
    const order = Array.from(own.keys()).sort((a, b) => own[a]! - own[b]!);
    kept.push(...order.slice(0, seen));
    for (const [place, patch] of order.entries()) {
      restore[n * patches + patch] = place;
      if (place < seen) hidden[n * patches + patch] = 0;
    }
  }
  return {
    kept: tensor2d(kept, [images, seen], "int32"),
    restore: tensor2d(restore, [images, patches], "int32"),
    mask: tensor2d(hidden, [images, patches]),
  };
}
