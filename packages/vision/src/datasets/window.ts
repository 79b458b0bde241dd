/**
 * Window and level: which range of values becomes 0 to 1, for images that have more values than a screen has brightnesses.
 */
import { CorruptSampleError } from "@autodidact/core";

export interface Window {
  /** The value that becomes 0.5. */
  readonly center: number;
  /** How many values lie between black and white; above 0. */
  readonly width: number;
}

/** Values, of an image of any kind, before anything is lost of them. */
export interface Raster {
  /** Height × width × channels, channels last. */
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** What becomes 0 and what 1, where no window is told; undefined of values that have no range of their own. */
  readonly range: readonly [number, number] | undefined;
}

/** 0 at center − width / 2 and below, 1 at center + width / 2 and above: DICOM's LINEAR_EXACT, PS3.3 C.11.2.1.3.2. */
export function windowRange({ center, width }: Window): readonly [number, number] {
  return [center - width / 2, center + width / 2];
}

/** The values as shares of the window, else of the raster's own range; undefined where there is neither. */
export function sharesWithin(
  { values, range }: Pick<Raster, "values" | "range">,
  window: Window | undefined,
): Float32Array | undefined {
  const chosen = window === undefined ? range : windowRange(window);
  if (chosen === undefined) return undefined;
  const [low, high] = chosen;
  return Float32Array.from(values, (value) => {
    if (value <= low) return 0;
    return value >= high ? 1 : (value - low) / (high - low);
  });
}

/** Bytes hold 0 … 255: a window of other values is of images of another kind, and would make them all alike. */
export function assertOfBytes(id: string, window: Window | undefined): void {
  if (window === undefined) return;
  const [low, high] = windowRange(window);
  if (low >= 0 && high <= 256) return;
  throw new CorruptSampleError(
    id,
    `the image has 8 bits, values from 0 to 255, and ${describeWindow(window)} is of others. Take images of more bits, or a \`window\` within these`,
  );
}

export function assertWindow(window: Window | undefined): void {
  if (window === undefined || (Number.isFinite(window.center) && window.width > 0 && Number.isFinite(window.width)))
    return;
  throw new RangeError(
    `decodeImage: window must have a center and a width above 0, got ${JSON.stringify(window)}. Choose the values of interest, e.g. { center: 40, width: 400 }.`,
  );
}

/** `window 40 ± 200` */
export function describeWindow({ center, width }: Window): string {
  return `window ${center} ± ${width / 2}`;
}
