/**
 * What part of the plane is seen: pan and zoom.
 */
export interface View {
  /** What lies in the middle of the screen, in the plane. */
  readonly centreX: number;
  readonly centreY: number;
  /** CSS pixels a unit of the plane. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Coordinates of all points, by row. */
export interface Plane {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const MARGIN = 28;
/** How far one can go in, and out, from where all is seen. */
const [MOST, LEAST] = [200, 0.5];

/** All points are seen, as large as they can be. */
export function wholeView({ x, y }: Plane, { width, height }: Size): View {
  const [left, right] = endsOf(x);
  const [bottom, top] = endsOf(y);
  const scale = Math.min(
    Math.max(1, width - 2 * MARGIN) / (right - left || 1),
    Math.max(1, height - 2 * MARGIN) / (top - bottom || 1),
  );
  return { centreX: (left + right) / 2, centreY: (bottom + top) / 2, scale };
}

/** Up in the plane is up on the screen. */
export function toScreen({ centreX, centreY, scale }: View, { width, height }: Size, x: number, y: number) {
  return { left: width / 2 + (x - centreX) * scale, top: height / 2 - (y - centreY) * scale };
}

export function panned(view: View, right: number, down: number): View {
  return { ...view, centreX: view.centreX - right / view.scale, centreY: view.centreY + down / view.scale };
}

/** What lies under (left, top) stays there. `whole` bounds how far one can go. */
export function zoomed(view: View, factor: number, whole: View, size: Size, left: number, top: number): View {
  const scale = Math.min(whole.scale * MOST, Math.max(whole.scale * LEAST, view.scale * factor));
  const [right, down] = [left - size.width / 2, top - size.height / 2];
  return {
    scale,
    centreX: view.centreX + right / view.scale - right / scale,
    centreY: view.centreY - down / view.scale + down / scale,
  };
}

function endsOf(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [values[0] ?? 0, values[0] ?? 0],
  );
}
