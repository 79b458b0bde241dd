/**
 * Recordings as features of an encoder in a file of ONNX that hears waves: our own export, or somebody else's.
 */
import {
  besideOnnx,
  extractorOf,
  type FeatureExtractor,
  type FeatureTable,
  type OnnxEncoder,
  type OnnxEncoderOptions,
  openOnnxEncoder,
  UsageError,
} from "@autodidact/core";
import type { Sound } from "../sound.js";
import { evenCrops } from "./even-crops.js";

export interface OnnxSoundsOptions extends OnnxEncoderOptions {
  /** Hz; that of preprocessor_config.json unless told. */
  readonly sampleRate?: number | undefined;
  /** Whether each recording is brought to a mean of 0 and a deviation of 1, as wav2vec 2.0 hears it; as preprocessor_config.json has it, else no. */
  readonly normalize?: boolean | undefined;
  /** What is longer is heard in as few evenly spaced crops of so many seconds as cover it. 10 unless told. */
  readonly maxSeconds?: number | undefined;
}

export interface OnnxSounds {
  /** How recordings are to be opened for it. */
  readonly decoding: { readonly sampleRate: number };
  /** `sha256:…` of the model's file. */
  readonly weights: string;
  /** What it is and how recordings are prepared, for records. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Recordings opened by `decoding`, of any length, to features; disposing of it releases the model. */
  extractor(): FeatureExtractor<Sound>;
}

/** Throws a UsageError that names what must be told where the file and preprocessor_config.json beside it leave it unclear. */
export async function openOnnxSounds(path: string, options: OnnxSoundsOptions = {}): Promise<OnnxSounds> {
  const { maxSeconds = 10 } = options;
  const encoder = await openOnnxEncoder(path, options);
  const input = waveInput(path, encoder);
  const beside = await besideOnnx(path, "preprocessor_config.json");
  const sampleRate = options.sampleRate ?? beside?.sampling_rate;
  if (typeof sampleRate !== "number")
    throw new UsageError(
      `${path} does not say at which rate it hears, and no preprocessor_config.json with sampling_rate lies beside it. Tell it: { sampleRate: 16000 }.`,
    );
  const normalize = options.normalize ?? beside?.do_normalize === true;
  const longest = Math.max(1, Math.floor(maxSeconds * sampleRate));

  const heard = async (samples: Float32Array): Promise<FeatureTable> => {
    const data = normalize ? standardized(samples) : Float32Array.from(samples);
    const shape = input.hasChannels ? [1, 1, data.length] : [1, data.length];
    return encoder.features({ [input.name]: { type: "float32", shape, data } });
  };
  const featuresOf = async ([sound]: readonly Sound[]): Promise<FeatureTable> => {
    const { samples, id } = sound!;
    if (samples.length === 0) throw new Error(`openOnnxSounds: ${id} must have a sample, and is empty. Leave it out.`);
    const crops = evenCrops(samples, Math.min(samples.length, longest));
    const rows: FeatureTable[] = [];
    for (const crop of crops) rows.push(await heard(crop));
    const { size } = rows[0]!;
    const mean = Float32Array.from(
      { length: size },
      (_, d) => rows.reduce((sum, { values }) => sum + values[d]!, 0) / rows.length,
    );
    return { values: mean, count: 1, size };
  };
  return {
    decoding: { sampleRate },
    weights: encoder.weights,
    config: { ...encoder.config, sampleRate, normalize, maxSeconds },
    extractor: () => extractorOf(featuresOf, { batchSize: 1, dispose: () => void encoder.release() }),
  };
}

interface WaveInput {
  readonly name: string;
  /** [N, 1, T], not [N, T]. */
  readonly hasChannels: boolean;
}

function waveInput(path: string, { inputs }: OnnxEncoder): WaveInput {
  const [input] = inputs;
  const { name, type, shape } = input ?? { name: "nothing", type: "", shape: [] };
  const hasChannels = shape.length === 3 && shape[1] === 1;
  const isOneLength = typeof shape.at(-1) === "number" && Number(shape.at(-1)) > 0;
  if (inputs.length === 1 && type === "float32" && !isOneLength && (shape.length === 2 || hasChannels))
    return { name, hasChannels };
  const got = inputs.map((own) => `${own.name}: ${own.type}[${own.shape}]`).join(", ");
  throw new UsageError(
    `${path} must take waves of any length alone, float32 [N, T] or [N, 1, T], and takes ${got}. What hears spectrograms needs the folder that Hugging Face's processor reads.`,
  );
}

/** As Hugging Face's Wav2Vec2FeatureExtractor, with its 10⁻⁷ beside the variance. */
function standardized(samples: Float32Array): Float32Array {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length;
  const scale = 1 / Math.sqrt(variance + 1e-7);
  return Float32Array.from(samples, (value) => scale * (value - mean));
}
