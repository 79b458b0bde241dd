/**
 * Recordings before somebody else's encoder.
 */

import { besideOnnx, extractorOf, UsageError } from "@autodidact/core";
import type { ForeignEncoder } from "@autodidact/evaluate";
import { openOnnxSounds, type Sound } from "@autodidact/speech";
import { type MeasuredEncoder, measuredForeign, type OpenedForeign } from "../foreign/measured-encoder.js";
import { loadTransformers, transformersModel } from "../foreign/transformers.js";

interface Decoding {
  readonly sampleRate: number;
}

export async function foreignSounds(foreign: ForeignEncoder): Promise<MeasuredEncoder<Sound, Decoding>> {
  const opened =
    foreign.folder === undefined ? await openOnnxSounds(foreign.file, foreign.told) : await openTransformers(foreign);
  return measuredForeign(foreign, opened);
}

/** One recording after the other, whole, as its processor hears it. */
async function openTransformers(foreign: ForeignEncoder): Promise<OpenedForeign<Sound, Decoding>> {
  const prepares = await besideOnnx(foreign.file, "preprocessor_config.json");
  const sampleRate = foreign.told.sampleRate ?? prepares?.sampling_rate;
  if (typeof sampleRate !== "number")
    throw new UsageError(
      `${foreign.folder} does not say at which rate it hears: no sampling_rate in its preprocessor_config.json. Tell it: --onnx sampleRate=16000`,
    );
  const transformers = await loadTransformers();
  const processor = await transformers.AutoFeatureExtractor.from_pretrained(foreign.folder!, {
    local_files_only: true,
  });
  const { weights, config, features, release } = await transformersModel(foreign, transformers);
  const hear = processor as unknown as (samples: Float32Array) => Promise<Readonly<Record<string, unknown>>>;
  const embed = async ([sound]: readonly Sound[]) => {
    const { attention_mask: _, ...inputs } = await hear(sound!.samples); // of one recording nothing is padding
    return features(inputs);
  };
  return {
    decoding: { sampleRate },
    weights,
    config: { ...config, sampleRate },
    extractor: () => extractorOf(embed, { batchSize: 1, dispose: () => void release() }),
  };
}
