/**
 * Which point is meant: by the pointer, or by an arrow key.
 */
import { type Plane, type Size, toScreen, type View } from "./view.js";

/** Null where none is within so many CSS pixels. */
export function nearestPoint(
  plane: Plane,
  view: View,
  size: Size,
  pointer: { readonly left: number; readonly top: number },
  within: number,
): number | null {
  let nearest: number | null = null;
  let least = within * within;
  for (let row = 0; row < plane.x.length; row++) {
    const { left, top } = toScreen(view, size, plane.x[row]!, plane.y[row]!);
    const distance = (left - pointer.left) ** 2 + (top - pointer.top) ** 2;
    if (distance < least) {
      nearest = row;
      least = distance;
    }
  }
  return nearest;
}

const WAYS: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export const isArrow = (key: string): boolean => Object.hasOwn(WAYS, key);

/** The nearest in the quarter that the arrow points to, those straight ahead first; itself where there is none. */
export function pointTowards({ x, y }: Plane, from: number, arrow: string): number {
  const [right, up] = WAYS[arrow]!;
  let nearest = from;
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0; row < x.length; row++) {
    const [across, along] = [x[row]! - x[from]!, y[row]! - y[from]!];
    const ahead = across * right + along * up;
    const aside = Math.abs(across * up) + Math.abs(along * right);
    if (ahead <= 0 || aside > ahead) continue;
    const distance = ahead + 2 * aside;
    if (distance < least) {
      nearest = row;
      least = distance;
    }
  }
  return nearest;
}
