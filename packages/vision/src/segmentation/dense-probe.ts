/**
 * A linear probe of places: one 1×1 convolution on frozen maps, whose scores are enlarged to the mask's size.
 *
 * As DINOv2's linear segmentation (Oquab et al. 2023, https://arxiv.org/abs/2304.07193, section 7.4), channels standardised by the training maps.
 */
import {
  compileStep,
  conv2d,
  type Encoder,
  fineTune,
  type Method,
  parameterGroups,
  type Random,
} from "@autodidact/core";
import { argMax, type Tensor1D, type Tensor4D, tensor1d, tensor4d } from "@tensorflow/tfjs-core";
import { enlargeMap } from "../encoders/resize-map.js";
import { inImageBatches } from "../image-batches.js";
import { type MaskAnswer, maskAnswer } from "./fine-tune-segmentation.js";
import type { MaskedImage, SegmentationData } from "./open-segmentation.js";
import { maskLoss } from "./segmenter.js";

/** What is asked: bytes of images [N, S, S, C] → maps [N, h, w, channels], which nothing moves. */
export type FrozenMaps = (bytes: Tensor4D) => Tensor4D;

export interface DenseProbeOptions {
  readonly random: Random;
  /** Passes over the images, of 100 steps at least; 40 unless told. */
  readonly epochs?: number | undefined;
  /** 16 unless told. */
  readonly batchSize?: number | undefined;
  /** The highest; 1e-2 unless told. */
  readonly learningRate?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `encoder` is the one behind the maps; it is not moved. */
export async function probeMasks(
  maps: FrozenMaps,
  encoder: Encoder,
  { train, test, classes }: Pick<SegmentationData, "train" | "test" | "classes">,
  options: DenseProbeOptions,
): Promise<MaskAnswer> {
  const { random, epochs = 40, batchSize = 16, learningRate = 1e-2, signal } = options;
  const shape = { side: 0, channels: 0 };
  const ask = (bytes: Tensor4D) => {
    const map = maps(bytes);
    [, shape.side, , shape.channels] = map.shape;
    return { map };
  };
  const [learning, asked] = [await mapsOf(train.examples, ask), await mapsOf(test.examples, ask)];
  standardizeChannels([...learning, ...asked], learning, shape.channels);
  const head = conv2d(shape.channels, classes.length, { kernelSize: 1, random: random.split("head") });
  try {
    const method = probing(head, encoder, shape);
    await fineTune(
      method,
      { length: learning.length, get: async (index) => learning[index]! },
      {
        groups: parameterGroups(prefixed("head", head.parameters), { weightDecay: 0 }),
        epochs,
        batchSize,
        learningRate,
        random,
        signal,
      },
    );
    return maskAnswer(await answers(head, asked, shape), test.examples, classes.length);
  } finally {
    for (const variable of Object.values(head.parameters)) variable.dispose();
  }
}

interface MapAndMask {
  readonly map: Float32Array;
  readonly mask: Uint8Array;
}

interface MapShape {
  readonly side: number;
  readonly channels: number;
}

type Head = ReturnType<typeof conv2d>;

async function mapsOf(
  images: readonly MaskedImage[],
  ask: (bytes: Tensor4D) => { map: Tensor4D },
): Promise<MapAndMask[]> {
  const found = await inImageBatches(images, ask);
  return found.map(({ map }, n) => ({ map: map as Float32Array, mask: images[n]!.mask }));
}

/** In place, to mean 0 and deviation 1 over all places of the training maps. */
function standardizeChannels(all: readonly MapAndMask[], learning: readonly MapAndMask[], channels: number): void {
  const [sum, squares] = [new Float64Array(channels), new Float64Array(channels)];
  let places = 0;
  for (const { map } of learning) {
    places += map.length / channels;
    for (let i = 0; i < map.length; i += 1) {
      sum[i % channels]! += map[i]!;
      squares[i % channels]! += map[i]! ** 2;
    }
  }
  const mean = sum.map((total) => total / places);
  const deviation = squares.map((total, channel) => Math.sqrt(Math.max(total / places - mean[channel]! ** 2, 1e-12)));
  for (const { map } of all) {
    for (let i = 0; i < map.length; i += 1) map[i] = (map[i]! - mean[i % channels]!) / deviation[i % channels]!;
  }
}

type MapBatch = { readonly maps: Tensor4D; readonly labels: Tensor1D };

function probing(head: Head, encoder: Encoder, { side, channels }: MapShape): Method<MapAndMask, MapBatch> {
  return {
    name: "dense-linear",
    encoder,
    learned: { head },
    draw: (rows) => ({
      maps: stacked(rows, { side, channels }),
      labels: tensor1d(Int32Array.from(rows.flatMap(({ mask }) => [...mask])), "int32"),
    }),
    loss: ({ maps, labels }) => {
      const imageSide = Math.sqrt(labels.size / maps.shape[0]);
      return maskLoss(enlargeMap(head(maps), imageSide, imageSide), labels);
    },
  };
}

function stacked(rows: readonly MapAndMask[], { side, channels }: MapShape): Tensor4D {
  const values = new Float32Array(rows.length * side * side * channels);
  for (const [n, { map }] of rows.entries()) values.set(map, n * map.length);
  return tensor4d(values, [rows.length, side, side, channels]);
}

async function answers(head: Head, asked: readonly MapAndMask[], shape: MapShape): Promise<Uint8Array[]> {
  const imageSide = Math.sqrt(asked[0]!.mask.length);
  const step = compileStep(({ maps }: { maps: Tensor4D }) => ({
    labels: argMax(enlargeMap(head(maps), imageSide, imageSide), 3),
  }));
  const found: Uint8Array[] = [];
  try {
    for (const one of asked) {
      const maps = stacked([one], shape);
      const { labels } = await step({ maps }).finally(() => maps.dispose());
      found.push(Uint8Array.from(await labels.data()));
      labels.dispose();
    }
  } finally {
    step.dispose();
  }
  return found;
}

const prefixed = (name: string, parameters: Head["parameters"]) =>
  Object.fromEntries(Object.entries(parameters).map(([key, variable]) => [`${name}.${key}`, variable]));
