/**
 * What a DICOM file says of its pixels. Nothing else is read of it: no tag of a patient, of a study or of a place goes any further.
 */
import { CorruptSampleError } from "@autodidact/core";
import dicomParser, { type DataSet, type Element } from "dicom-parser";

export interface DicomAttributes {
  readonly transferSyntax: string;
  readonly height: number;
  readonly width: number;
  readonly frames: number;
  readonly samples: 1 | 3;
  /** RRR…GGG…BBB… in place of RGBRGB…. */
  readonly isPlanar: boolean;
  readonly photometric: string;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  /** Of the highest bit that is stored. */
  readonly highBit: number;
  readonly isSigned: boolean;
  /** Stored values to what they measure, of a frame from 1: value × slope + intercept. */
  rescale(frame: number): { readonly slope: number; readonly intercept: number };
  /** The first window of a frame from 1; undefined where the file has none. */
  window(frame: number): DicomWindow | undefined;
  readonly bytes: Uint8Array;
  readonly pixelData: Element;
}

export interface DicomWindow {
  readonly center: number;
  readonly width: number;
  readonly shape: "LINEAR" | "LINEAR_EXACT" | "SIGMOID";
}

/** Whether a file begins like one: 128 bytes of anything, then DICM. */
export function isDicom(beginning: Uint8Array): boolean {
  return "DICM".split("").every((letter, place) => beginning[128 + place] === letter.charCodeAt(0));
}

const SHARED = "x52009229";
const PER_FRAME = "x52009230";

export function dicomAttributes(id: string, bytes: Uint8Array): DicomAttributes {
  const told = parsed(id, bytes);
  const refuse = (reason: string): never => {
    throw new CorruptSampleError(id, reason);
  };
  const number = (tag: string, name: string): number =>
    told.uint16(tag) ?? refuse(`the DICOM file has no ${name}: it holds no image`);
  const [height, width] = [number("x00280010", "Rows"), number("x00280011", "Columns")];
  const [bitsAllocated, bitsStored] = [number("x00280100", "BitsAllocated"), number("x00280101", "BitsStored")];
  const samples = number("x00280002", "SamplesPerPixel");
  const photometric = told.string("x00280004")?.trim() ?? "";
  const pixelData = told.elements.x7fe00010 ?? refuse("the DICOM file has no pixel data");
  if (height * width === 0) refuse("the DICOM file says that its image has no pixels");
  if ((bitsAllocated !== 8 && bitsAllocated !== 16) || bitsStored < 1 || bitsStored > bitsAllocated)
    return refuse(`DICOM of ${bitsStored} bits in ${bitsAllocated} is not read: 8 and 16 bits are`);
  if (samples !== 1 && samples !== 3) return refuse(`DICOM of ${samples} samples a pixel is not read: 1 and 3 are`);
  if (told.elements.x00283000 !== undefined)
    refuse("DICOM with a Modality LUT Sequence is not read: export the image with a rescale slope and intercept");
  /** Of the file, of the frame, of all frames: the groups of enhanced files. */
  const places = (frame: number, group: string) =>
    [told, groupIn(told, PER_FRAME, frame - 1, group), groupIn(told, SHARED, 0, group)].filter(
      (set) => set !== undefined,
    );
  const decimal = (sets: readonly DataSet[], tag: string) =>
    sets.map((set) => set.floatString(tag)).find((value) => value !== undefined);
  return {
    transferSyntax: told.string("x00020010")?.trim() ?? "",
    height,
    width,
    frames: told.intString("x00280008") ?? 1,
    samples,
    isPlanar: told.uint16("x00280006") === 1,
    photometric,
    bitsAllocated,
    bitsStored,
    highBit: told.uint16("x00280102") ?? bitsStored - 1,
    isSigned: told.uint16("x00280103") === 1,
    rescale(frame) {
      const sets = places(frame, "x00289145");
      return { slope: decimal(sets, "x00281053") ?? 1, intercept: decimal(sets, "x00281052") ?? 0 };
    },
    window(frame) {
      const sets = places(frame, "x00289132");
      const [center, across] = [decimal(sets, "x00281050"), decimal(sets, "x00281051")];
      if (center === undefined || across === undefined) {
        if (told.elements.x00283010 === undefined) return undefined;
        return refuse("DICOM with a VOI LUT Sequence and no window is not read so. Choose a `window`");
      }
      const shape = sets.map((set) => set.string("x00281056")?.trim()).find(Boolean) ?? "LINEAR";
      if (
        (shape !== "LINEAR" && shape !== "LINEAR_EXACT" && shape !== "SIGMOID") ||
        !(across >= 1 || (across > 0 && shape !== "LINEAR"))
      )
        return refuse("the DICOM file's window is none that is known. Choose a `window`");
      return { center, width: across, shape };
    },
    bytes,
    pixelData,
  };
}

/** What the parser throws holds the file's tags: it is neither told nor kept as a cause. */
function parsed(id: string, bytes: Uint8Array): DataSet {
  let isDeflated = false;
  try {
    return dicomParser.parseDicom(bytes, {
      inflater: () => {
        isDeflated = true; // a few bytes may inflate to any number
        throw new Error();
      },
    });
  } catch {
    const reason = isDeflated
      ? "deflated DICOM is not read: write it uncompressed, e.g. gdcmconv --raw"
      : "damaged or truncated DICOM";
    throw new CorruptSampleError(id, reason);
  }
}

function groupIn(told: DataSet, sequence: string, item: number, group: string): DataSet | undefined {
  return told.elements[sequence]?.items?.[item]?.dataSet?.elements[group]?.items?.[0]?.dataSet;
}
