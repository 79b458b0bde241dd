/**
 * What a method previews as one picture: a row a sample, a column a tensor, side by side what goes in and what comes out.
 */
import { slice, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Tensors } from "../method.js";
import type { Picture } from "./picture.js";
import { viridis } from "./viridis.js";

/** Samples beyond are not drawn. */
const MAX_ROWS = 8;
/** Pixels of white between two cells. */
const GAP = 2;
/** Cells are enlarged by a whole factor as long as their longer side stays within. */
const IMAGE_SIDE = 128;
const SPECTROGRAM_SIDE = 256;

/** One tensor's samples, read. */
interface Column {
  readonly values: ArrayLike<number>;
  /** The size of a cell, before it is enlarged. */
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** How a value becomes a colour. */
  readonly kind: "bytes" | "shares" | "spectrogram";
  readonly enlarged: number;
}

/**
 * Draws tensors of one number of samples, the first eight of them, in their order:
 * - images [N, H, W, 1 or 3], int32 of 0 to 255 or floats of 0 to 1; what is beyond is drawn as the nearest of these;
 * - spectrograms [N, T, F]: time goes to the right, the lowest band is at the bottom; the colours (viridis) reach from the smallest to
 *   the largest value of all spectrograms in a row, so that equal colours in it are equal values.
 */
export async function pictureOf(tensors: Tensors): Promise<Picture> {
  const leaves = leavesOf(tensors);
  const rows = Math.min(MAX_ROWS, assertDrawable(leaves));
  const columns = await Promise.all(leaves.map(([, tensor]) => readColumn(tensor, rows)));
  const heights = columns.map(({ height, enlarged }) => height * enlarged);
  const widths = columns.map(({ width, enlarged }) => width * enlarged);
  const rowHeight = heights.reduce((highest, height) => Math.max(highest, height));
  const height = rows * rowHeight + (rows - 1) * GAP;
  const width = widths.reduce((sum, w) => sum + w) + (columns.length - 1) * GAP;
  const isGray = columns.every(({ channels, kind }) => channels === 1 && kind !== "spectrogram");
  const picture: Picture = {
    pixels: new Uint8Array(height * width * (isGray ? 1 : 3)).fill(255),
    height,
    width,
    channels: isGray ? 1 : 3,
  };
  for (let row = 0; row < rows; row += 1) {
    const [lowest, highest] = rangeOf(columns, row);
    let left = 0;
    for (const [i, column] of columns.entries()) {
      drawCell(picture, column, { row, top: row * (rowHeight + GAP), left, lowest, highest });
      left += widths[i]! + GAP;
    }
  }
  return picture;
}

/** The tensors by dotted name, in order. */
function leavesOf(tensors: Tensors, prefix = ""): [string, Tensor][] {
  return Object.entries(tensors).flatMap(([name, value]): [string, Tensor][] =>
    isTensor(value) ? [[prefix + name, value]] : leavesOf(value, `${prefix}${name}.`),
  );
}

/** As the engine's tensors may come from another copy of TensorFlow.js, their class does not tell. */
function isTensor(value: Tensor | Tensors): value is Tensor {
  return typeof (value as Tensor).dataId === "object";
}

/** Returns the number of samples. */
function assertDrawable(leaves: readonly [string, Tensor][]): number {
  const samples = leaves[0]?.[1].shape[0];
  for (const [name, { shape }] of leaves) {
    const isImage = shape.length === 4 && (shape[3] === 1 || shape[3] === 3);
    if (!(isImage || shape.length === 3) || shape[0] !== samples || shape.includes(0)) {
      throw new Error(
        `pictureOf: ${name} must be images [N, H, W, 1 or 3] or spectrograms [N, T, F], of one N for all tensors, got [${shape}] where N is ${samples}.`,
      );
    }
  }
  if (samples === undefined) throw new Error("pictureOf: there must be a tensor to draw, got none.");
  return samples;
}

async function readColumn(tensor: Tensor, rows: number): Promise<Column> {
  const { shape, dtype } = tensor;
  const isSpectrogram = shape.length === 3;
  const [height, width] = isSpectrogram ? [shape[2]!, shape[1]!] : [shape[1]!, shape[2]!];
  const side = isSpectrogram ? SPECTROGRAM_SIDE : IMAGE_SIDE;
  const shown = tidy(() => slice(tensor, 0, rows));
  const values = await shown.data();
  shown.dispose();
  return {
    values,
    height,
    width,
    channels: isSpectrogram || shape[3] === 1 ? 1 : 3,
    kind: isSpectrogram ? "spectrogram" : dtype === "int32" ? "bytes" : "shares",
    enlarged: Math.max(1, Math.floor(side / Math.max(height, width))),
  };
}

/** The range of the row's spectrograms. Values that are not finite do not count. */
function rangeOf(columns: readonly Column[], row: number): [lowest: number, highest: number] {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { kind, values, height, width } of columns) {
    if (kind !== "spectrogram") continue;
    for (let i = row * height * width; i < (row + 1) * height * width; i += 1) {
      if (!Number.isFinite(values[i])) continue;
      lowest = Math.min(lowest, values[i]!);
      highest = Math.max(highest, values[i]!);
    }
  }
  return [lowest, highest];
}

interface Place {
  readonly row: number;
  readonly top: number;
  readonly left: number;
  /** What a spectrogram's colours reach over. */
  readonly lowest: number;
  readonly highest: number;
}

function drawCell(picture: Picture, column: Column, { row, top, left, lowest, highest }: Place): void {
  const { values, height, width, channels, kind, enlarged } = column;
  for (let y = 0; y < height * enlarged; y += 1) {
    for (let x = 0; x < width * enlarged; x += 1) {
      const [h, w] = [Math.floor(y / enlarged), Math.floor(x / enlarged)];
      const to = ((top + y) * picture.width + left + x) * picture.channels;
      if (kind === "spectrogram") {
        const value = values[(row * width + w) * height + (height - 1 - h)]!; // [N, T, F]
        const color = 3 * toByte((value - lowest) / (highest - lowest || 1));
        picture.pixels.set(viridis.subarray(color, color + 3), to);
      } else {
        const from = ((row * height + h) * width + w) * channels;
        for (let c = 0; c < picture.channels; c += 1) {
          const value = values[from + (channels === 1 ? 0 : c)]!;
          picture.pixels[to + c] = toByte(kind === "bytes" ? value / 255 : value);
        }
      }
    }
  }
}

/** 0 to 1 becomes 0 to 255; what is no number is 0. */
function toByte(share: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, share || 0)));
}
