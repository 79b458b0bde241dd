/**
 * What a TIFF file says of its first image: TIFF 6.0, https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf.
 */
export interface TiffDescription {
  readonly isLittle: boolean;
  readonly height: number;
  readonly width: number;
  readonly bands: number;
  /** Of a sample; all have as many. */
  readonly bits: number;
  readonly format: "unsigned" | "signed" | "float";
  /** TIFF's number. */
  readonly compression: number;
  /** 1: gray or bands, black is 0; 2: colours. */
  readonly photometric: number;
  /** 1: none; 2: each sample is a difference from the one before it in its row. */
  readonly predictor: number;
  /** Bands lie one after the other in place of pixel by pixel. */
  readonly isPlanar: boolean;
  readonly orientation: number;
  /** Rows and columns of a strip or tile, and where each begins and how long it is. */
  readonly blocks: {
    readonly height: number;
    readonly width: number;
    readonly offsets: readonly number[];
    readonly lengths: readonly number[];
  };
}

const FORMATS = { 1: "unsigned", 2: "signed", 3: "float" } as const;
const BYTES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };
/** Bounds what a file can make of a list of places. */
const MOST_VALUES = 1_000_000;

/** Undefined of what is not so plain: BigTIFF, samples of several widths, damage; sharp says what is wrong with it, or reads it. */
export function describeTiff(file: Uint8Array): TiffDescription | undefined {
  const isLittle = file[0] === 0x49;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    return view.getUint16(2, isLittle) === 42 ? described(view, isLittle) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // a place outside the file
    throw error;
  }
}

function described(view: DataView, isLittle: boolean): TiffDescription | undefined {
  const tags = directory(view, isLittle);
  const one = (tag: number, usual?: number) => tags.get(tag)?.[0] ?? usual;
  const [width, height] = [one(256), one(257)];
  const bits = tags.get(258) ?? [1];
  const format = FORMATS[one(339, 1) as 1 | 2 | 3];
  const [offsets, lengths] = [tags.get(324) ?? tags.get(273), tags.get(325) ?? tags.get(279)];
  const isEven =
    bits.every((each) => each === bits[0]) && (tags.get(339) ?? []).every((each, _, all) => each === all[0]);
  if (
    !width ||
    !height ||
    !isEven ||
    format === undefined ||
    offsets?.length !== lengths?.length ||
    !offsets ||
    !lengths
  )
    return undefined;
  const blocks = {
    height: one(323) ?? Math.min(height, one(278, height)!),
    width: one(322) ?? width,
    offsets,
    lengths,
  };
  if (!blocks.height || !blocks.width || !one(277, 1)) return undefined;
  return {
    isLittle,
    height,
    width,
    bands: one(277, 1)!,
    bits: bits[0]!,
    format,
    compression: one(259, 1)!,
    photometric: one(262, 1)!,
    predictor: one(317, 1)!,
    isPlanar: one(284, 1) === 2,
    orientation: one(274, 1)!,
    blocks,
  };
}

/** Whole numbers of the first directory by tag. */
function directory(view: DataView, isLittle: boolean): Map<number, number[]> {
  const start = view.getUint32(4, isLittle);
  const tags = new Map<number, number[]>();
  for (let entry = 0; entry < view.getUint16(start, isLittle); entry++) {
    const at = start + 2 + 12 * entry;
    const [tag, type, count] = [
      view.getUint16(at, isLittle),
      view.getUint16(at + 2, isLittle),
      view.getUint32(at + 4, isLittle),
    ];
    const size = BYTES[type];
    if (size === undefined || count > MOST_VALUES) continue;
    const from = size * count <= 4 ? at + 8 : view.getUint32(at + 8, isLittle);
    const read = (place: number) =>
      size === 1
        ? view.getUint8(place)
        : size === 2
          ? view.getUint16(place, isLittle)
          : view.getUint32(place, isLittle);
    tags.set(
      tag,
      Array.from({ length: count }, (_, i) => read(from + size * i)),
    );
  }
  return tags;
}

/** Whether libvips, as sharp brings it, would lose values of it: bands beyond colours, signed numbers, 32 bits. */
export function isBeyondSharp({ bands, photometric, format, bits }: TiffDescription): boolean {
  return bits >= 8 && (format !== "unsigned" || bits > 16 || bands > 4 || (photometric === 1 && bands >= 3));
}
