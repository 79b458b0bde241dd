/**
 * Position embeddings of one grid of patches for another, as Hugging Face's `interpolate_pos_encoding` makes them: PyTorch's bicubic
 * interpolation with a = −0.75, half-pixel centres, the border repeated and no anti-aliasing. The embedding of [CLS] stays.
 */
const A = -0.75;

/** [1, 1 + side², width] to [1, 1 + newSide², width]; undefined where the patches are no square. */
export function bicubicPositions(values: Float32Array, width: number, newSide: number): Float32Array | undefined {
  const patches = values.length / width - 1;
  const side = Math.round(Math.sqrt(patches));
  if (side * side !== patches) return undefined;
  const made = new Float32Array((1 + newSide ** 2) * width);
  made.set(values.subarray(0, width));
  const taps = Array.from({ length: newSide }, (_, place) => tapsOf(place, side, newSide));
  for (const [row, down] of taps.entries()) {
    for (const [column, across] of taps.entries()) {
      const into = (1 + row * newSide + column) * width;
      for (const [y, vertical] of down)
        for (const [x, horizontal] of across) {
          const from = (1 + y * side + x) * width;
          for (let c = 0; c < width; c++) made[into + c]! += vertical * horizontal * values[from + c]!;
        }
    }
  }
  return made;
}

/** The same for tensors: [newSide², side²], whose product with the patches' embeddings [side², width] is those of the new patches. */
export function bicubicWeights(side: number, newSide: number): Float32Array {
  const weights = new Float32Array(newSide ** 2 * side ** 2);
  const taps = Array.from({ length: newSide }, (_, place) => tapsOf(place, side, newSide));
  for (const [row, down] of taps.entries()) {
    for (const [column, across] of taps.entries()) {
      const into = (row * newSide + column) * side ** 2;
      for (const [y, vertical] of down)
        for (const [x, horizontal] of across) weights[into + y * side + x]! += vertical * horizontal; // the border's places come again
    }
  }
  return weights;
}

/** The four places around one, and their weights. */
function tapsOf(place: number, side: number, newSide: number): (readonly [place: number, weight: number])[] {
  const center = ((place + 0.5) * side) / newSide - 0.5;
  const first = Math.floor(center);
  const t = center - first;
  return [-1, 0, 1, 2].map(
    (step) => [Math.min(side - 1, Math.max(0, first + step)), cubic(Math.abs(t - step))] as const,
  );
}

/** Keys' kernel at a distance. */
function cubic(x: number): number {
  if (x <= 1) return (A + 2) * x ** 3 - (A + 3) * x ** 2 + 1;
  return x < 2 ? A * x ** 3 - 5 * A * x ** 2 + 8 * A * x - 4 * A : 0;
}
