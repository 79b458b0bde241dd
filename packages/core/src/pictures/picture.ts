/**
 * A picture of a run, as it is shown and stored: rows of pixels, a byte a channel.
 */
import { encode } from "fast-png";

export interface Picture {
  /** [height, width, channels], 0 to 255. */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  /** 1: gray, 3: red, green and blue. */
  readonly channels: 1 | 3;
}

/** The bytes of a PNG file. */
export function encodePng({ pixels, height, width, channels }: Picture): Uint8Array {
  if (height < 1 || width < 1 || pixels.length !== height * width * channels) {
    throw new RangeError(
      `encodePng: pixels must hold height × width × channels bytes, at least one, got ${pixels.length} for ${height} × ${width} × ${channels}.`,
    );
  }
  return encode({ data: pixels, height, width, channels, depth: 8 });
}
