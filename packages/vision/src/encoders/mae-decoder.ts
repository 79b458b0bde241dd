/**
 * MAE's decoder: the encoder's states at their places, a learned token at every other, and pixels at the end. Named as in Hugging Face's
 * ViTMAEForPreTraining.
 */
import {
  buffer,
  defineModule,
  layerNorm,
  linear,
  type Module,
  normalValues,
  parameter,
  type Random,
  rowsAt,
  vitLayer,
  xavierUniform,
  zeroValues,
} from "@autodidact/core";
import { add, broadcastTo, concat, slice, type Tensor2D, type Tensor3D, tensor3d, tidy } from "@tensorflow/tfjs-core";
import { sincosPositions } from "./sincos-positions.js";

export interface MaeDecoderOptions {
  random: Random;
  /** Size of a state; the authors use 512. */
  decoderWidth?: number;
  /** The authors use 8. */
  decoderLayers?: number;
  /** They divide the width; the authors use 16. */
  decoderHeads?: number;
}

/** What the decoder meets and gives. */
interface Sizes {
  /** Of the encoder's states. */
  readonly width: number;
  readonly patches: number;
  /** Numbers of a patch. */
  readonly pixels: number;
}

/** States [N, 1 + K, width] and where each patch stands among them, int32 [N, T] → [N, T, pixels]. */
export interface MaeDecoder extends Module<Tensor3D, Tensor3D> {
  (states: Tensor3D, restore: Tensor2D): Tensor3D;
}

export function maeDecoder({ width, patches, pixels }: Sizes, options: MaeDecoderOptions): MaeDecoder {
  const { random, decoderWidth: inside = 512, decoderLayers: depth = 8, decoderHeads: heads = 16 } = options;
  const layer = (from: number, to: number, name: string) =>
    linear(from, to, { random: random.split(name), initialize: xavierUniform, initializeBias: zeroValues });
  const enter = layer(width, inside, "enter");
  const hidden = parameter([1, 1, inside], normalValues(0.02), random.split("mask"));
  const places = buffer([1, 1 + patches, inside], 0);
  tidy(() => places.assign(tensor3d(sincosPositions(inside, Math.sqrt(patches)), [1, 1 + patches, inside])));
  const sizes = { width: inside, heads, hiddenSize: 4 * inside, epsilon: 1e-6, dropout: 0, attentionDropout: 0 };
  const layers = Array.from({ length: depth }, (_, i) => vitLayer(sizes, random.split(`layer ${i}`)));
  const [norm, leave] = [layerNorm(inside, { epsilon: 1e-6 }), layer(inside, pixels, "leave")];

  function forward(states: Tensor3D, restore: Tensor2D): Tensor3D {
    const entered = enter(states) as Tensor3D; // [N, 1 + K, inside]
    const [n, count] = entered.shape;
    const first = slice(entered, [0, 0, 0], [n, 1, inside]); // [CLS]
    const seen = slice(entered, [0, 1, 0], [n, count - 1, inside]);
    const others = broadcastTo(hidden, [n, patches - count + 1, inside]);
    const inPlace = rowsAt(concat([seen, others], 1) as Tensor3D, restore); // [N, T, inside]
    const embedded = add(concat([first, inPlace], 1), places) as Tensor3D;
    const decoded = norm(layers.reduce((x, layer) => layer(x), embedded)) as Tensor3D;
    return leave(slice(decoded, [0, 1, 0], [n, patches, inside])) as Tensor3D; // [N, T, pixels]
  }

  return defineModule(forward as (states: Tensor3D) => Tensor3D, {
    parameters: { mask_token: hidden },
    buffers: { decoder_pos_embed: places },
    children: [
      ["decoder_embed", enter],
      ...layers.map((layer, i) => [`decoder_layers.${i}`, layer] as const),
      ["decoder_norm", norm],
      ["decoder_pred", leave],
    ],
  }) as MaeDecoder;
}
