/** Arithmetic of shapes, with NumPy's broadcasting. */

export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis += 1) size *= shape[axis]!;
  return size;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis += 1) if (a[axis] !== b[axis]) return false;
  return true;
}

export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] {
  if (b.length === 0 || sameShape(a, b)) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis += 1) {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new Error(`broadcast: shapes must agree or be 1 on every axis, got [${a}] and [${b}]`);
    }
    shape.push(m === 1 ? n : m);
  }
  return shape;
}

/** Axes as whole numbers in [0, rank), negative ones counted from the end; all axes when none are given. Others are refused. */
export function normalAxes(axes: number | readonly number[] | null | undefined, rank: number): number[] {
  if (axes == null) return Array.from({ length: rank }, (_, axis) => axis);
  const list = typeof axes === "number" ? [axes] : axes;
  return [...new Set(list.map((axis) => normalAxis(axis, rank)))].sort((a, b) => a - b);
}

/** The axis as a whole number in [0, rank); the words of its refusal are TensorFlow.js's. */
export function normalAxis(axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (normal >= 0 && normal < rank) return normal;
  throw new Error(`All values in axis param must be in range [-${rank}, ${rank}) but got axis ${axis}`);
}

export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  return keepDims
    ? shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
    : shape.filter((_, axis) => !axes.includes(axis));
}
