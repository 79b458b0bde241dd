/**
 * The discrete Fourier transform of a frame as one matrix, with what goes before it: all of that is linear.
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
  /** α of x[i] − α x[i − 1], within the frame, whose first sample stands before itself; 0: none. */
  readonly preEmphasis: number;
  /** The frame's mean is taken from it first. */
  readonly removesOffset: boolean;
}

/** [windowSamples, 2 × bins]: a frame's product with it is the real parts of its bins, then the imaginary ones but for their sign. */
export function dftBasis(options: DftBasisOptions): Float32Array {
  const { windowSamples: length, fftSize, bins, preEmphasis, removesOffset } = options;
  const weights = windowOf(options.window, length);
  const turn = Float64Array.from({ length: fftSize }, (_, i) => (2 * Math.PI * i) / fftSize);
  const waves = [turn.map(Math.cos), turn.map(Math.sin)];
  const columns = 2 * bins.length;
  const basis = new Float32Array(length * columns);
  const column = new Float64Array(length);
  for (let c = 0; c < columns; c += 1) {
    const [wave, bin] = [waves[c < bins.length ? 0 : 1]!, bins[c % bins.length]!];
    for (let i = 0; i < length; i += 1) column[i] = weights[i]! * wave[(bin * i) % fftSize]!;
    if (preEmphasis > 0) emphasize(column, preEmphasis);
    if (removesOffset) centre(column);
    for (let i = 0; i < length; i += 1) basis[i * columns + c] = column[i]!;
  }
  return basis;
}

/** Instead of what it is multiplied with: Σ bᵢ (xᵢ − α xᵢ₋₁) = Σ (bᵢ − α bᵢ₊₁) xᵢ − α b₀ x₀. */
function emphasize(column: Float64Array, alpha: number): void {
  const first = column[0]!;
  for (let i = 0; i + 1 < column.length; i += 1) column[i]! -= alpha * column[i + 1]!;
  column[0]! -= alpha * first;
}

/** Σ bᵢ (xᵢ − mean of x) = Σ (bᵢ − mean of b) xᵢ. */
function centre(column: Float64Array): void {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  for (let i = 0; i < column.length; i += 1) column[i]! -= mean;
}

function windowOf(shape: WindowShape, length: number): Float64Array {
  const period = shape === "hann" ? length : length - 1;
  const hann = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / period));
  return shape === "povey" ? hann.map((value) => value ** 0.85) : hann;
}
