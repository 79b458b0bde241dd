/**
 * Narrow rows are laid side by side.
 *
 * ONNX Runtime's loops run along the last axis; loops of 16 channels cost it several times those of 1024. Batch norm's
 * sums over [524288, 16] took 60 ms, folded they take 5.
 */
import type { ElementType } from "./element-type.js";
import type { NodeWriter } from "./node-writer.js";
import { broadcastShape, sizeOf } from "./shape.js";
import type { Value } from "./value.js";

const FOLDED_WIDTH = 1024;

/** Tells how many rows of so few columns to lay side by side; 1 where it does not pay. */
function foldedCount(rows: number, columns: number): number {
  let folded = 1;
  while (folded * columns < FOLDED_WIDTH && rows % (2 * folded) === 0) folded *= 2;
  return folded < 4 || rows / folded < 16 ? 1 : folded;
}

/** The elementwise node of two broadcast operands; a tall tensor and a vector along its last axis are folded. */
export function rowwise(graph: NodeWriter, type: string, a: Value, b: Value, result: ElementType): Value {
  const shape = broadcastShape(a.shape, b.shape);
  const [rows, width] = foldedRows(a.shape, b.shape);
  if (width === 0) return graph.one(type, [a, b], {}, { shape, type: result });
  const folded = [a, b].map((x) =>
    sizeOf(x.shape) > width ? graph.reshape(x, [rows, width]) : repeated(graph, x, width),
  );
  return graph.reshape(graph.one(type, folded, {}, { shape: [rows, width], type: result }), shape);
}

/** The sum over leading axes of a tall tensor with few columns, in two steps; undefined for other sums. */
export function columnSum(graph: NodeWriter, x: Value, axes: readonly number[]): Value | undefined {
  if (x.type !== "float32" || axes.some((axis, i) => axis !== i)) return undefined;
  const columns = sizeOf(x.shape.slice(axes.length));
  const rows = sizeOf(x.shape.slice(0, axes.length));
  const folded = foldedCount(rows, columns);
  if (folded === 1) return undefined;
  const leading = graph.shapeConstant([0]);
  const sum = (tall: Value, width: number) =>
    graph.one("ReduceSum", [tall, leading], { keepdims: 0 }, { shape: [width], type: x.type });
  const wide = sum(graph.reshape(x, [rows / folded, folded * columns]), folded * columns);
  return sum(graph.reshape(wide, [folded, columns]), columns);
}

/** [rows, width] of a tall tensor and a vector along its last axis, folded; width 0 for other operands. */
function foldedRows(a: readonly number[], b: readonly number[]): [number, number] {
  const [tall, vector] = sizeOf(a) > sizeOf(b) ? [a, b] : [b, a];
  const columns = tall.at(-1) ?? 1;
  if (columns === 1 || sizeOf(vector) !== columns || vector.at(-1) !== columns) return [0, 0];
  const folded = foldedCount(sizeOf(tall) / columns, columns);
  return folded === 1 ? [0, 0] : [sizeOf(tall) / columns / folded, folded * columns];
}

/** A vector written several times over, to the given width. */
function repeated(graph: NodeWriter, x: Value, width: number): Value {
  const columns = sizeOf(x.shape);
  return graph.reshape(graph.expand(graph.reshape(x, [1, columns]), [width / columns, columns]), [width]);
}
