/**
 * Colours as vectors (red, green, blue) and what happens to them as 3×3 matrices, row by row; gray images have 1×1 matrices.
 */
export type Matrix = readonly number[];

/** Share of red, green and blue in the gray value: ITU-R 601-2, with the digits of torchvision's `rgb_to_grayscale`. */
const luma: Matrix = [0.2989, 0.587, 0.114];

/** Maps red, green, blue to luma and the two chroma axes of NTSC. */
const toYiq: Matrix = [0.299, 0.587, 0.114, 0.596, -0.274, -0.322, 0.211, -0.523, 0.312];
const fromYiq = inverse(toYiq);

export function zero(channels: number): Matrix {
  return new Array<number>(channels * channels).fill(0);
}

export function identity(channels: number): Matrix {
  return zero(channels).map((_, place) => (place % (channels + 1) === 0 ? 1 : 0));
}

/** Every channel becomes the gray value. */
export function gray(channels: number): Matrix {
  return channels === 1 ? [1] : [...luma, ...luma, ...luma];
}

export function scaled(matrix: Matrix, factor: number): Matrix {
  return matrix.map((value) => factor * value);
}

/** share·a + (1 − share)·b. */
export function blend(a: Matrix, b: Matrix, share: number): Matrix {
  return a.map((value, place) => share * value + (1 - share) * b[place]!);
}

export function turnHue(turns: number): Matrix {
  const angle = 2 * Math.PI * turns;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return product(fromYiq, product([1, 0, 0, 0, cos, -sin, 0, sin, cos], toYiq));
}

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((_, place) => {
    const [row, column] = [3 * Math.floor(place / 3), place % 3];
    return a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!;
  });
}

/** The inverse of a 3×3 matrix, by cofactors. */
function inverse(m: Matrix): Matrix {
  const at = (row: number, column: number) => m[3 * (row % 3) + (column % 3)]!;
  const cofactor = (row: number, column: number) =>
    at(row + 1, column + 1) * at(row + 2, column + 2) - at(row + 1, column + 2) * at(row + 2, column + 1);
  const determinant = at(0, 0) * cofactor(0, 0) + at(0, 1) * cofactor(0, 1) + at(0, 2) * cofactor(0, 2);
  return m.map((_, place) => cofactor(place % 3, Math.floor(place / 3)) / determinant);
}
