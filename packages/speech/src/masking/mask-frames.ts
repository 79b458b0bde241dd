/**
 * Which frames and bands of each utterance are altered, and how: Mockingjay's and TERA's chances.
 *
 * Liu et al. 2019, https://arxiv.org/abs/1910.12638, section 2.2; Liu et al. 2020, https://arxiv.org/abs/2007.06028, section III; the counting
 * is s3prl's (pretrain/mockingjay/task.py), but for spans, which do not overlap here, so that the share is met.
 */
import type { Random } from "@autodidact/core";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";

export interface FrameMaskOptions {
  /** The share of frames that is chosen; 0.15 as in the papers. At least one span is. */
  share?: number;
  /** Frames of a span; 7 as in the papers. */
  span?: number;
  /** The widest band that is zeroed, as a share of all bands; 0.2 as in TERA, 0 as in Mockingjay. */
  bandShare?: number;
}

/** Of what an utterance has, what is altered. */
export interface FrameMaskSizes {
  readonly frames: number;
  /** Of the front end. */
  readonly bands: number;
}

export type FrameMasks = {
  /** 1 at chosen frames, [N, F]. */
  readonly chosen: Tensor2D;
  /** Which frame of the utterance stands in each place, int32 [N, F]: its own, but where chosen ones are replaced. */
  readonly source: Tensor2D;
  /** 0 at frames that are zeroed, [N, F]. */
  readonly kept: Tensor2D;
  /** 1 at bands that are zeroed, all of the utterance long, [N, bands]. */
  readonly band: Tensor2D;
};

/** How many spans come nearest to the share of so many frames. */
export function spanCount(frames: number, { share = 0.15, span = 7 }: FrameMaskOptions): number {
  return Math.max(1, Math.round((share * frames) / span));
}

/**
 * The die is rolled once for an utterance: by 80 % its chosen frames are zeroed, by 10 % replaced by as many other spans of it, by 10 % left as
 * they are. The band is from 0 to `bandShare` of all wide, each width as likely.
 */
export function drawFrameMasks(
  utterances: number,
  { frames, bands }: FrameMaskSizes,
  random: Random,
  options: FrameMaskOptions = {},
): FrameMasks {
  const { span = 7, bandShare = 0.2 } = options;
  const spans = spanCount(frames, options);
  const chosen = new Float32Array(utterances * frames);
  const source = Int32Array.from({ length: utterances * frames }, (_, i) => i % frames);
  const kept = new Float32Array(utterances * frames).fill(1);
  const band = new Float32Array(utterances * bands);
  for (let n = 0; n < utterances; n += 1) {
    const starts = spreadSpans(frames, spans, span, random);
    const die = random.uniform();
    for (const start of starts) {
      const other = random.integer(frames - span + 1); // drawn whatever the die says: the stream then moves alike
      for (let i = 0; i < span; i += 1) {
        const place = n * frames + start + i;
        chosen[place] = 1;
        if (die < 0.8) kept[place] = 0;
        else if (die < 0.9) source[place] = other + i;
      }
    }
    const width = random.integer(Math.floor(bandShare * bands) + 1);
    const lowest = n * bands + random.integer(bands - width + 1);
    band.fill(1, lowest, lowest + width);
  }
  return {
    chosen: tensor2d(chosen, [utterances, frames]),
    source: tensor2d(source, [utterances, frames], "int32"),
    kept: tensor2d(kept, [utterances, frames]),
    band: tensor2d(band, [utterances, bands]),
  };
}

/** Starts of spans that do not overlap, every placement as likely: so many of the places that are left when each span counts as one. */
function spreadSpans(frames: number, spans: number, span: number, random: Random): number[] {
  const places = random.permutation(frames - spans * (span - 1)).subarray(0, spans);
  return [...places].sort((a, b) => a - b).map((place, i) => place + i * (span - 1));
}
