/**
 * A DICOM file as an image: stored values, rescaled to what they measure, through a window to what is seen.
 *
 * PS3.3, C.11.1 (Modality LUT) and C.11.2 (VOI LUT): https://dicom.nema.org/medical/dicom/current/output/chtml/part03/sect_C.11.html.
 */
import { CorruptSampleError } from "@autodidact/core";
import type { Image } from "../../image.js";
import type { ImageHeader } from "../decode-image.js";
import { describeWindow, sharesWithin, type Window } from "../window.js";
import { type DicomAttributes, type DicomWindow, dicomAttributes } from "./dicom-attributes.js";
import { storedFrame } from "./dicom-frame.js";

export interface DicomReading {
  /** Of rescaled values; the file's own unless told, else all values that its bits can hold. */
  readonly window?: Window | undefined;
  /** Which frame, from 1; files of several frames are refused where that is not told. */
  readonly frame?: number | undefined;
  readonly maxPixels: number;
  /** Rescaled values as they are, in place of what the window makes of them. */
  readonly beforeWindow?: boolean | undefined;
}

type Pixelled = Pick<Image, "pixels" | "height" | "width" | "channels">;

/** Bytes where the file holds bytes and nothing is to be done with them, else shares from 0 to 1. */
export async function decodeDicom(id: string, bytes: Uint8Array, reading: DicomReading): Promise<Pixelled> {
  try {
    return await decoded(id, bytes, reading);
  } catch (error) {
    throw withoutTags(id, error);
  }
}

/** What else is thrown over damage may hold tags: it is neither told nor kept as a cause. */
function withoutTags(id: string, error: unknown): CorruptSampleError {
  return error instanceof CorruptSampleError ? error : new CorruptSampleError(id, "damaged or truncated DICOM");
}

async function decoded(id: string, bytes: Uint8Array, reading: DicomReading): Promise<Pixelled> {
  const told = dicomAttributes(id, bytes);
  const frame = frameOf(id, told, reading);
  const stored = await storedFrame(id, told, frame);
  const { height, width, samples: channels, photometric } = told;
  const isInverted = photometric === "MONOCHROME1";
  if (areBytes(told, frame, reading.window)) {
    const pixels = isInverted ? Uint8Array.from(stored, (value) => 255 - value) : Uint8Array.from(stored);
    return { pixels, height, width, channels };
  }
  const { slope, intercept } = told.rescale(frame);
  const values = Float64Array.from(stored, (value) => value * slope + intercept);
  if (reading.beforeWindow) return { pixels: Float32Array.from(values), height, width, channels };
  const shares = seen(values, told, frame, reading.window);
  return { pixels: isInverted ? shares.map((share) => 1 - share) : shares, height, width, channels };
}

/** Size, channels, and in words how values become pixels; no pixel is decoded. */
export function describeDicom(id: string, bytes: Uint8Array, reading: DicomReading): ImageHeader {
  try {
    return described(id, bytes, reading);
  } catch (error) {
    throw withoutTags(id, error);
  }
}

function described(id: string, bytes: Uint8Array, reading: DicomReading): ImageHeader {
  const told = dicomAttributes(id, bytes);
  const frame = frameOf(id, told, reading);
  const { height, width, samples: channels, bitsStored, frames } = told;
  if (areBytes(told, frame, reading.window)) return { height, width, channels, reading: undefined };
  const own = told.window(frame) === undefined ? "all values that its bits can hold" : "the window of each file";
  const range = reading.window === undefined ? own : describeWindow(reading.window);
  const which = frames === 1 ? "" : `, frame ${frame}`;
  return { height, width, channels, reading: `DICOM of ${bitsStored} bits${which}: ${range} from 0 to 1` };
}

function frameOf(id: string, { frames, height, width }: DicomAttributes, { frame, maxPixels }: DicomReading): number {
  if (height * width > maxPixels)
    throw new CorruptSampleError(
      id,
      `the image has ${width} × ${height} pixels, more than maxPixels = ${maxPixels} in all. Raise it if the file can be trusted`,
    );
  if (frame === undefined && frames !== 1)
    throw new CorruptSampleError(
      id,
      `the DICOM file has ${frames} frames. Choose one: { frame: 1 }, or write each as a file`,
    );
  const chosen = frames === 1 ? 1 : frame!;
  if (chosen <= frames) return chosen;
  throw new CorruptSampleError(id, `the DICOM file has ${frames} frames, and frame ${chosen} was asked for`);
}

function areBytes(told: DicomAttributes, frame: number, window: Window | undefined): boolean {
  if (window !== undefined || told.bitsStored !== 8 || told.isSigned) return false;
  const { slope, intercept } = told.rescale(frame);
  return told.samples === 3 || (slope === 1 && intercept === 0 && told.window(frame) === undefined);
}

function seen(values: Float64Array, told: DicomAttributes, frame: number, window: Window | undefined): Float32Array {
  const own = window === undefined ? told.window(frame) : undefined;
  if (own?.shape === "SIGMOID")
    return Float32Array.from(values, (value) => 1 / (1 + Math.exp((-4 * (value - own.center)) / own.width)));
  const range = own === undefined ? wholeRange(told, frame) : linearRange(own);
  return sharesWithin({ values, range }, window)!;
}

function wholeRange({ bitsStored, isSigned, rescale }: DicomAttributes, frame: number): readonly [number, number] {
  const { slope, intercept } = rescale(frame);
  const least = isSigned ? -(2 ** (bitsStored - 1)) : 0;
  const ends = [least, least + 2 ** bitsStored - 1].map((value) => value * slope + intercept);
  return [Math.min(...ends), Math.max(...ends)];
}

/** C.11.2.1.2.1 and C.11.2.1.3.2: a linear window of whole numbers goes from the middle of one to the middle of another. */
function linearRange({ center, width, shape }: DicomWindow): readonly [number, number] {
  if (shape === "LINEAR_EXACT") return [center - width / 2, center + width / 2];
  return [center - 0.5 - (width - 1) / 2, center - 0.5 + (width - 1) / 2];
}
