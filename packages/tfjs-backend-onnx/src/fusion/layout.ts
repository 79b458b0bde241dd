/**
 * How a tensor lies over an iteration space, told by the number of elements alone: shapes of equal size are the same space.
 *
 * A layout is a list of stretches from the outermost axis inwards: so many elements of the tensor's own, or so many repeats.
 */

export interface Stretch {
  readonly length: number;
  /** The space goes on, the tensor stays where it is. */
  readonly repeated: boolean;
}

export type Layout = readonly Stretch[];

/** Neighbours of one kind are one stretch; axes of length 1 are none. */
function collapse(axes: readonly Stretch[]): Layout {
  const stretches: Stretch[] = [];
  for (const { length, repeated } of axes) {
    if (length === 1) continue;
    const last = stretches.at(-1);
    if (last?.repeated === repeated) stretches[stretches.length - 1] = { length: last.length * length, repeated };
    else stretches.push({ length, repeated });
  }
  return stretches;
}

/** The layout is that of a tensor of shape `from`, broadcast to `to`. */
export function broadcastLayout(from: readonly number[], to: readonly number[]): Layout {
  const missing = to.length - from.length;
  return collapse(
    to.map((length, axis) => ({ length, repeated: length !== 1 && (axis < missing || from[axis - missing] === 1) })),
  );
}

/** The layout is that of the result of a reduction of `shape`, whose `axes` repeat it. */
export function reducedLayout(shape: readonly number[], axes: readonly number[]): Layout {
  return collapse(shape.map((length, axis) => ({ length, repeated: axes.includes(axis) })));
}

/** Gives the places where stretches meet, each as the number of elements inside it. */
export function boundaries(layout: Layout): number[] {
  const found: number[] = [];
  let inside = 1;
  for (const { length } of layout.slice(1).reverse()) {
    inside *= length;
    found.push(inside);
  }
  return found;
}

/** Boundaries of several layouts fit one list of axes: each divides the next. */
export function fit(all: ReadonlySet<number>): boolean {
  const ordered = [...all].sort((a, b) => a - b);
  return ordered.every((boundary, i) => i === 0 || boundary % ordered[i - 1]! === 0);
}

/** The axes of a space of `size` elements with these boundaries, outermost first; the last one is its columns. */
export function axesOf(size: number, boundaryList: ReadonlySet<number>): number[] {
  const ordered = [...boundaryList].sort((a, b) => b - a);
  const marks = [size, ...ordered, 1];
  return marks.slice(1).map((inside, i) => marks[i]! / inside);
}

/** Elements to step along each axis. */
export function stridesOf(layout: Layout, axes: readonly number[]): number[] {
  const strides: number[] = new Array(axes.length).fill(0);
  let axis = axes.length - 1;
  let own = 1;
  for (const { length, repeated } of [...layout].reverse()) {
    for (let left = length; left > 1; axis -= 1) {
      if (!repeated) {
        strides[axis] = own;
        own *= axes[axis]!;
      }
      left /= axes[axis]!;
    }
  }
  return strides;
}
