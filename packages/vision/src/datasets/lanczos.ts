/**
 * Images of any number of channels at another size, by Lanczos with a = 3, in floats: what sharp does for bytes alone.
 *
 * Each output value is a weighted mean along one axis, then along the other; where an image shrinks, the kernel widens with it, as in Pillow's
 * `Image.resize` (https://github.com/python-pillow/Pillow, Resample.c).
 */
export interface FloatImage {
  /** Height × width × channels, channels last. */
  readonly pixels: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Values may leave the range of the input, where edges are sharp. */
export function lanczosResize(image: FloatImage, height: number, width: number): FloatImage {
  const { channels } = image;
  const across = alongRows(image, width);
  const pixels = new Float32Array(height * width * channels);
  const line = width * channels;
  for (const [y, { from, weights }] of weightsOf(image.height, height).entries()) {
    const into = pixels.subarray(y * line, (y + 1) * line);
    for (const [k, weight] of weights.entries()) {
      const row = (from + k) * line;
      for (let x = 0; x < line; x++) into[x]! += weight * across[row + x]!;
    }
  }
  return { pixels, height, width, channels };
}

function alongRows({ pixels, height, width: own, channels }: FloatImage, width: number): Float32Array {
  const made = new Float32Array(height * width * channels);
  for (const [x, { from, weights }] of weightsOf(own, width).entries()) {
    for (let y = 0; y < height; y++) {
      const [start, into] = [(y * own + from) * channels, (y * width + x) * channels];
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * pixels[start + k * channels + c]!;
        made[into + c] = sum;
      }
    }
  }
  return made;
}

interface Taps {
  /** The first input place. */
  readonly from: number;
  /** Of it and those that follow; they sum to 1. */
  readonly weights: readonly number[];
}

function weightsOf(input: number, output: number): Taps[] {
  const scale = input / output;
  const widening = Math.max(1, scale);
  const reach = 3 * widening;
  return Array.from({ length: output }, (_, place) => {
    const center = (place + 0.5) * scale;
    const from = Math.max(0, Math.floor(center - reach + 0.5));
    const to = Math.min(input, Math.floor(center + reach + 0.5));
    const raw = Array.from({ length: to - from }, (_, k) => lanczos((from + k - center + 0.5) / widening));
    const sum = raw.reduce((a, b) => a + b, 0);
    return { from, weights: raw.map((weight) => weight / sum) };
  });
}

/** sinc(x) · sinc(x / 3) within (−3, 3). */
function lanczos(x: number): number {
  return x > -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
