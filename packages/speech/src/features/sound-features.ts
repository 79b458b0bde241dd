/**
 * Recordings of any length as an encoder's features, without padding and by few compiled graphs.
 */
import {
  countedStep,
  type FeatureExtractor,
  type FeatureTable,
  type Following,
  type RowFlopsSum,
  rowFlops,
} from "@autodidact/core";
import { concat, mean, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import type { FrameEncoder, SpeechEncoder } from "../encoders/speech-encoder.js";
import { type Sound, stackSounds } from "../sound.js";
import { comparableLength, evenCrops } from "./even-crops.js";

export interface SoundFeaturesOptions {
  /** 16 unless told. */
  readonly batchSize?: number | undefined;
  /** What is longer is heard in as few evenly spaced crops of so many seconds as cover it. 10 unless told. */
  readonly maxSeconds?: number | undefined;
  /**
   * Instead of the embedding the mean over frames of this layer's states (0: what enters the first), or of all layers' one after the other,
   * [N, (layers + 1) × featureSize], for a weighted sum to be learned (`layerSum` of `linearProbe`). For transformers.
   */
  readonly layer?: number | "all" | undefined;
}

/**
 * Features [N, featureSize], one row a recording, in their order. No padding enters an embedding: a recording is heard in crops of the longest
 * of few lengths (each 25 % above the one before) that it holds: one crop from its middle, where that leaves out less than 5 %, otherwise the two
 * at its ends, which overlap, and whose features are averaged. Each length is a graph of its own, and there are some ten from 0.3 s to 3 s. What
 * is shorter than the encoder's shortest is repeated to that.
 */
export function soundFeatures(encoder: SpeechEncoder, options: SoundFeaturesOptions = {}): FeatureExtractor<Sound> {
  const { batchSize = 16, maxSeconds = 10 } = options;
  const { shortest, sampleRate, longest = Number.POSITIVE_INFINITY } = encoder;
  const limits = { shortest, longest: Math.min(longest, Math.max(shortest, Math.floor(maxSeconds * sampleRate))) };
  const forward = forwardOf(encoder, options.layer);
  const step = countedStep(({ waves }: { waves: Tensor2D }) => ({ features: forward(waves) }));

  const featuresOf = async (crops: readonly Crop[], flops: RowFlopsSum): Promise<Float32Array[]> => {
    const filled = [...crops, ...new Array<Crop>(batchSize - crops.length).fill(crops.at(-1)!)]; // every batch of a length runs one graph
    const waves = stackSounds(filled.map(({ sound }) => sound));
    const { features } = await step({ waves }).finally(() => waves.dispose()); // [batchSize, size]
    flops.add(step.flopsOf({ waves }), { rows: batchSize, used: crops.length });
    try {
      const [values, size] = [(await features.data()) as Float32Array, features.shape[1]!];
      return crops.map((_, i) => values.slice(i * size, (i + 1) * size));
    } finally {
      features.dispose();
    }
  };

  const extract = async (
    sounds: Iterable<Sound> | AsyncIterable<Sound>,
    { signal, onProgress }: Following = {},
  ): Promise<FeatureTable> => {
    const rows: (Float32Array | undefined)[] = [];
    const waiting = new Map<number, Crop[]>(); // by their length
    const flops = rowFlops();
    let done = 0;
    const embed = async (crops: readonly Crop[]) => {
      signal?.throwIfAborted();
      for (const [i, made] of (await featuresOf(crops, flops)).entries()) {
        const { row, share } = crops[i]!;
        rows[row] = made.map((value, d) => (rows[row]?.[d] ?? 0) + share * value);
        done += share;
      }
      onProgress?.(Math.round(done));
    };
    for await (const sound of sounds) {
      for (const crop of cropsOf(sound, rows.push(undefined) - 1)) {
        const queue = waiting.get(crop.sound.samples.length) ?? [];
        waiting.set(crop.sound.samples.length, queue);
        queue.push(crop);
        if (queue.length === batchSize) await embed(queue.splice(0));
      }
    }
    for (const queue of waiting.values()) if (queue.length > 0) await embed(queue);
    const table = { ...tableOf(rows as Float32Array[], encoder.featureSize), flops: flops.over(rows.length) };
    return options.layer === "all" ? { ...table, layers: table.size / encoder.featureSize } : table;
  };

  function cropsOf(sound: Sound, row: number): Crop[] {
    if (sound.sampleRate !== sampleRate) {
      throw new Error(
        `soundFeatures: recordings must have the encoder's ${sampleRate} Hz, got ${sound.sampleRate} Hz (${sound.id}). Open them with { sampleRate: ${sampleRate} }.`,
      );
    }
    if (sound.samples.length === 0) {
      throw new Error(`soundFeatures: ${sound.id} must have a sample, and is empty. Leave it out.`);
    }
    const crops = evenCrops(sound.samples, comparableLength(sound.samples.length, limits));
    return crops.map((samples) => ({ row, share: 1 / crops.length, sound: { ...sound, samples } }));
  }

  return Object.assign(extract, { dispose: step.dispose });
}

/** A piece of the recording in a row, which counts by its share. */
interface Crop {
  readonly row: number;
  readonly share: number;
  readonly sound: Sound;
}

/** Whether `layer` can be asked of it: transformers show their layers. */
export function hasLayers(encoder: SpeechEncoder): boolean {
  return layersOf(encoder) !== undefined;
}

/** A mean over frames for each layer, [N, featureSize]. */
function layersOf(encoder: SpeechEncoder): ((waves: Tensor2D) => Tensor2D[]) | undefined {
  if (!("states" in encoder)) return encoder.layerFeatures;
  const { features, states } = encoder as FrameEncoder;
  return (waves) => states(features(waves)).map((state) => mean(state, 1));
}

function forwardOf(encoder: SpeechEncoder, layer: number | "all" | undefined): (waves: Tensor2D) => Tensor {
  if (layer === undefined) return encoder;
  const layers = layersOf(encoder);
  if (layers === undefined) {
    throw new Error("soundFeatures: the encoder must show its layers' states, and does not. Leave layer out.");
  }
  return (waves) => {
    const all = layers(waves);
    if (layer === "all") return concat(all, 1);
    if (all[layer] !== undefined) return all[layer];
    throw new RangeError(
      `soundFeatures: layer must be "all" or a whole number of 0 to ${all.length - 1}, got ${layer}.`,
    );
  };
}

function tableOf(rows: readonly Float32Array[], featureSize: number): FeatureTable {
  const size = rows[0]?.length ?? featureSize;
  const values = new Float32Array(rows.length * size); // [N, size]
  for (const [n, row] of rows.entries()) values.set(row, n * size);
  return { values, count: rows.length, size };
}
