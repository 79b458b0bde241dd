/**
 * The light head of dense answers: 1×1 to few channels, 3×3 with batch norm on a finer map, 1×1 to the answers.
 */
import { batchNorm, conv2d, defineModule, type Module, type Random } from "@autodidact/core";
import { relu, type Tensor4D } from "@tensorflow/tfjs-core";
import { enlargeMap } from "../encoders/resize-map.js";

const WIDTH = 64;

/** Pixels a cell of the finer map. */
const STRIDE = 4;

/** Cells along a side of the finer map, of the encoder's map and the image. */
export const mapSide = (own: number, imageSide: number) => Math.max(own, Math.ceil(imageSide / STRIDE));

/** A map [N, h, w, channels] of images of a side in pixels → [N, g, g, answers], g a quarter of the side, or h where that is more. */
export function denseHead(
  channels: number,
  answers: number,
  random: Random,
): Module<readonly [map: Tensor4D, side: number], Tensor4D> {
  const reduce = conv2d(channels, WIDTH, { kernelSize: 1, random: random.split("reduce") });
  const mix = conv2d(WIDTH, WIDTH, { kernelSize: 3, padding: 1, bias: false, random: random.split("mix") });
  const norm = batchNorm(WIDTH);
  const answer = conv2d(WIDTH, answers, { kernelSize: 1, random: random.split("answer") });

  function forward([map, side]: readonly [Tensor4D, number]): Tensor4D {
    const fine = mapSide(map.shape[1], side);
    const few = enlargeMap(relu(reduce(map)), fine, fine); // [N, g, g, WIDTH]
    return answer(relu(norm(mix(few))) as Tensor4D); // [N, g, g, answers]
  }

  return defineModule(forward, {
    children: [
      ["reduce", reduce],
      ["mix", mix],
      ["norm", norm],
      ["answer", answer],
    ],
  });
}
