/**
 * AST: a vision transformer over overlapping patches of a spectrogram, with two tokens that gather what is heard; in the names and shapes of
 * Hugging Face's ASTModel files.
 *
 * Gong et al. 2021, https://arxiv.org/abs/2104.01778; the smallest sizes as in https://arxiv.org/abs/2110.09784.
 */
import {
  conv2d,
  defineModule,
  dropout,
  layerNorm,
  normalValues,
  parameter,
  type Random,
  vitLayer,
} from "@autodidact/core";
import {
  add,
  broadcastTo,
  concat,
  expandDims,
  mean,
  pad,
  reshape,
  slice,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  transpose,
} from "@tensorflow/tfjs-core";
import { logMel } from "../features/log-mel.js";
import { normalizeFrames } from "../features/normalize-frames.js";
import { type AstOptions, astConfig, astOptions } from "./ast-config.js";
import type { SpeechEncoder } from "./speech-encoder.js";

/** An embedding is the mean of both tokens' last states, Hugging Face's `pooler_output`. */
export interface AudioSpectrogramTransformer extends SpeechEncoder {
  readonly longest: number;
  layerFeatures(waves: Tensor2D): Tensor2D[];
  /** Waves [N, T] → [N, frames, bands] as ASTFeatureExtractor makes them: shorter ones filled up with zeros before they are normalised. */
  features(waves: Tensor2D): Tensor3D;
  /** That → the states of [CLS], of [DIST] and of each patch, bands first, [N, 2 + patches, width]: before each layer, and after the last normalised. */
  hiddenStates(features: Tensor3D): Tensor3D[];
}

/** Maps waves [N, T] to [N, width]. The sizes unless told are the smallest of SSAST's: 5.8 million parameters. */
export function ast(given: AstOptions): AudioSpectrogramTransformer {
  const options = astOptions(given);
  const { random, sampleRate, bands, frames, width, patchSize, epsilon } = options;
  const frontEnd = logMel({ sampleRate, preset: "ast", bands });
  const placesOf = (length: number, stride: number) => Math.floor((length - patchSize) / stride) + 1;
  const patches = placesOf(bands, options.bandStride) * placesOf(frames, options.frameStride);

  const projection = conv2d(1, width, {
    kernelSize: patchSize,
    stride: [options.bandStride, options.frameStride],
    random: random.split("patches"),
  });
  const token = (name: string) => parameter([1, 1, width], normalValues(0.02), random.split(name));
  const [cls, distillation] = [token("cls"), token("distillation")];
  const positions = parameter([1, 2 + patches, width], normalValues(0.02), random.split("positions"));
  const drop = dropout(options.dropout);
  const layers = Array.from({ length: options.layers }, (_, i) => vitLayer(options, random.split(`layer ${i}`)));
  const norm = layerNorm(width, { epsilon });

  function features(waves: Tensor2D): Tensor3D {
    const heard = frontEnd(waves); // [N, F, M]
    const missing = frames - heard.shape[1];
    if (missing < 0) {
      throw new Error(
        `ast: waves must have at most ${longest} samples, ${frames} frames at ${sampleRate} Hz, got [${waves.shape}]. Take crops of them.`,
      );
    }
    const filled = pad(heard, [
      [0, 0],
      [0, missing],
      [0, 0],
    ]); // [N, frames, M]
    return normalizeFrames(filled, options.normalize);
  }

  function embed(spectrograms: Tensor3D): Tensor3D {
    const [n] = spectrograms.shape;
    const image = expandDims(transpose(spectrograms, [0, 2, 1]), 3) as Tensor4D; // [N, M, frames, 1]
    const cut = reshape(projection(image), [n, patches, width]); // a band's patches, from the first frame to the last, then the next band's
    const tokens = broadcastTo(concat([cls, distillation], 1), [n, 2, width]);
    return drop(add(concat([tokens, cut], 1), positions)) as Tensor3D;
  }

  function hiddenStates(spectrograms: Tensor3D): Tensor3D[] {
    const all = [embed(spectrograms)];
    for (const layer of layers) all.push(layer(all.at(-1)!));
    all.push(norm(all.pop()!) as Tensor3D);
    return all;
  }

  const pooled = (state: Tensor3D) => mean(slice(state, [0, 0, 0], [state.shape[0], 2, width]), 1) as Tensor2D;
  const longest = frontEnd.shortest + frames * frontEnd.hop - 1;
  const module = defineModule((waves: Tensor2D) => pooled(hiddenStates(features(waves)).at(-1)!), {
    parameters: {
      "embeddings.cls_token": cls,
      "embeddings.distillation_token": distillation,
      "embeddings.position_embeddings": positions,
    },
    children: [
      ["embeddings.patch_embeddings.projection", projection],
      ...layers.map((layer, i) => [`encoder.layer.${i}`, layer] as const),
      ["layernorm", norm],
    ],
  });
  return Object.assign(module, {
    featureSize: width,
    config: astConfig(options),
    sampleRate,
    shortest: frontEnd.shortest,
    longest,
    features,
    hiddenStates,
    layerFeatures: (waves: Tensor2D) => hiddenStates(features(waves)).map(pooled),
    again: (stream: Random) => ast({ ...given, random: stream }),
  });
}

/** The authors' base, of which checkpoints are: 86 million parameters. */
export function astBase(options: AstOptions): AudioSpectrogramTransformer {
  return ast({ width: 768, layers: 12, heads: 12, ...options });
}
