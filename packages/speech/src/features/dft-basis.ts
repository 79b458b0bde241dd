/**
 * The discrete Fourier transform of a windowed frame as two products of half its length.
 *
 * A window is symmetric about its middle c, and cosines from there are too, sines are antisymmetric:
 *   Σᵢ wᵢ xᵢ cos θ(i − c) = Σⱼ wⱼ cos θ(j − c) (xⱼ + xⱼ′),  Σᵢ wᵢ xᵢ sin θ(i − c) = Σⱼ wⱼ sin θ(j − c) (xⱼ − xⱼ′),
 * where j runs over the first half and j′ is its mirror. To count from the middle turns the phase and leaves the power as it is.
 */
export type WindowShape = "hann" | "hanning" | "povey";

export interface DftBasisOptions {
  /** Samples of a frame. */
  readonly windowSamples: number;
  /** The frame is continued by zeros to so many samples. */
  readonly fftSize: number;
  /** `hann` is periodic, `hanning` symmetric, `povey` the latter to the power of 0.85. */
  readonly window: WindowShape;
  /** Which bins of 0 … fftSize / 2. */
  readonly bins: readonly number[];
}

export interface DftBasis {
  /** Of sums of samples and their mirrors, [half, bins]. */
  readonly even: Float32Array;
  /** Of differences, [half, bins]. */
  readonly odd: Float32Array;
}

/** The part of a frame that lies symmetric about the window's middle: a periodic window has a first sample, of weight 0, without a mirror. */
export function symmetricPart({ windowSamples, window }: Pick<DftBasisOptions, "windowSamples" | "window">) {
  const start = window === "hann" ? 1 : 0;
  const length = windowSamples - start;
  return { start, length, half: Math.ceil(length / 2) };
}

export function dftBasis(options: DftBasisOptions): DftBasis {
  const { fftSize, bins } = options;
  const { start, length, half } = symmetricPart(options);
  const weights = windowOf(options).subarray(start);
  const [even, odd] = [new Float32Array(half * bins.length), new Float32Array(half * bins.length)];
  const turn = Float64Array.from({ length: 2 * fftSize }, (_, i) => (Math.PI * i) / fftSize); // steps of half a sample
  const [cosines, sines] = [turn.map(Math.cos), turn.map(Math.sin)];
  for (let j = 0; j < half; j += 1) {
    const fromMiddle = length - 1 - 2 * j; // in half samples
    const weight = fromMiddle === 0 ? weights[j]! / 2 : weights[j]!; // the middle is its own mirror
    for (const [k, bin] of bins.entries()) {
      const angle = (bin * fromMiddle) % (2 * fftSize);
      even[j * bins.length + k] = weight * cosines[angle]!;
      odd[j * bins.length + k] = weight * sines[angle]!;
    }
  }
  return { even, odd };
}

function windowOf({ window, windowSamples: length }: DftBasisOptions): Float64Array {
  const period = window === "hann" ? length : length - 1;
  const hann = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / period));
  return window === "povey" ? hann.map((value) => value ** 0.85) : hann;
}
