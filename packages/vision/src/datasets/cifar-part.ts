/**
 * Images of CIFAR in memory: 32 × 32 bytes of red, of green, of blue.
 */
import type { PartName } from "@autodidact/core";
import { fitImage } from "./decode-image.js";
import type { ImagePart } from "./image-set.js";
import { interleavePlanes } from "./planes.js";

const side = 32;
export const planesBytes = 3 * side * side;

export interface CifarRecord {
  readonly id: string;
  readonly path: string;
  readonly label: number;
  /** [3, 32, 32] */
  readonly planes: Uint8Array;
}

export interface CifarPart {
  readonly part: ImagePart;
  /** In the order of the labels. */
  readonly classes: readonly string[];
}

export function cifarPart(
  name: PartName,
  records: readonly CifarRecord[],
  { classes, files }: { classes: readonly string[]; files: number },
): ImagePart {
  return {
    name,
    files,
    length: records.length,
    id: (index) => records[index]!.id,
    className: (index) => classes[records[index]!.label]!,
    source: (index) => records[index]!.path,
    header: async () => ({ height: side, width: side, channels: 3 }),
    async get(index, decoding) {
      const { id, planes } = records[index]!;
      return fitImage({ id, pixels: interleavePlanes(planes), height: side, width: side, channels: 3 }, decoding);
    },
  };
}
