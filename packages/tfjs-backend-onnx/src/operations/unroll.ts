/**
 * Windows laid side by side, so that a convolution is a product of matrices, and the way back (im2col, col2im).
 *
 * Images are [N, H, W, C] or [N, D, H, W, C]. Whole pixels are gathered by constant indices: in ONNX Runtime 15 to 40 %
 * faster than slices joined by Concat, and the way back 1 to 2.5 times as fast as ConvTranspose.
 */
import { sizeOf } from "../onnx/shape.js";
import type { GraphBuilder, Value } from "./operation.js";
import type { Windows } from "./windows.js";

/** [N, H, W, C] → [N · places, taps, C]. */
export function unroll(graph: GraphBuilder, x: Value, windows: Windows, padding = 0): Value {
  const { batch, inChannels, input, output, filter, strides, dilations, before, after } = windows;
  const padded = graph.pad(x, [0, ...before, 0], [0, ...after.map((n) => Math.max(n, 0)), 0], "constant", padding);
  const rank = input.length;
  let pixels = graph.scalar(0, "int32"); // [places along each axis, taps along each axis]
  let step = 1;
  for (let axis = rank - 1; axis >= 0; axis--) {
    const [places, taps] = [output[axis]!, filter[axis]!];
    const along = Array.from({ length: places * taps }, (_, i) => {
      const [place, tap] = [Math.floor(i / taps), i % taps];
      return step * (place * strides[axis]! + tap * dilations[axis]!);
    });
    const shape = Array.from({ length: 2 * rank }, (_, i) => (i === axis ? places : i === rank + axis ? taps : 1));
    pixels = graph.add(pixels, graph.constant(along, shape, "int32"));
    step *= padded.shape[axis + 1]!;
  }
  const isIdentity = sizeOf(filter) === 1 && strides.every((stride) => stride === 1) && step === sizeOf(output);
  const rows = graph.reshape(padded, [batch, step, inChannels]);
  return graph.reshape(isIdentity ? rows : graph.gather(rows, pixels, 1), [
    batch * sizeOf(output),
    sizeOf(filter),
    inChannels,
  ]);
}

/**
 * Adds the elements of windows back to where they were: [N, places, taps, C] → [N, H, W, C], or [N, places + 1, taps, C]
 * as `withEmptyPlace` makes it.
 */
export function fold(graph: GraphBuilder, columns: Value, windows: Windows): Value {
  const { batch, input, inChannels, output, filter } = windows;
  const count = sizeOf(output) * sizeOf(filter);
  const all = graph.reshape(columns, [batch, sizeOf(columns.shape) / batch / inChannels, inChannels]);
  const isLacking = hasGaps(windows) && all.shape[1] === count;
  const rows = isLacking ? graph.pad(all, [0, 0, 0], [0, 1, 0]) : all; // [N, places · taps (+ 1 of zeros), C]
  const summands = summandsOf(windows).map((sources) => {
    const isIdentity = sources.length === rows.shape[1] && sources.every((row, i) => row === i);
    if (isIdentity) return rows;
    const index = sources.map((row) => (row < 0 ? count : row));
    return graph.gather(rows, graph.constant(index, [index.length], "int32"), 1);
  });
  const zero = graph.uniform(0, [batch, sizeOf(input), inChannels], "float32");
  const sum = summands.reduce((a, b) => graph.add(a, b), zero);
  return graph.reshape(sum, [batch, ...input, inChannels]);
}

/** [N, H, W, …] over places → [N, places, …], with a place of zeros behind where `fold` needs one. */
export function withEmptyPlace(graph: GraphBuilder, y: Value, windows: Windows): Value {
  const rest = y.shape.slice(windows.output.length + 1);
  const flat = graph.reshape(y, [windows.batch, sizeOf(windows.output), ...rest]);
  if (!hasGaps(windows)) return flat;
  const none = flat.shape.map(() => 0);
  return graph.pad(
    flat,
    none,
    none.map((_, axis) => (axis === 1 ? 1 : 0)),
  );
}

/** Tells whether some elements are in fewer windows than others. */
function hasGaps(windows: Windows): boolean {
  return summandsOf(windows).some((sources) => sources.includes(NONE));
}

const NONE = -1;

/** For each summand of an element, the row of [places · taps] that it comes from, over all elements [H · W]. */
function summandsOf({ input, output, filter, strides, dilations, before }: Windows): number[][] {
  let summands = [[0]];
  input.forEach((length, axis) => {
    const placeStep = sizeOf(filter) * sizeOf(output.slice(axis + 1));
    const tapStep = sizeOf(filter.slice(axis + 1));
    const sources: number[][] = Array.from({ length }, () => []);
    for (let place = 0; place < output[axis]!; place++) {
      for (let tap = 0; tap < filter[axis]!; tap++) {
        sources[place * strides[axis]! + tap * dilations[axis]! - before[axis]!]?.push(
          place * placeStep + tap * tapStep,
        );
      }
    }
    const most = Math.max(...sources.map((rows) => rows.length));
    summands = summands.flatMap((outer) =>
      Array.from({ length: most }, (_, nth) =>
        outer.flatMap((row) =>
          sources.map((rows) => (row === NONE || rows[nth] === undefined ? NONE : row + rows[nth])),
        ),
      ),
    );
  });
  return summands;
}
