/**
 * Small DICOM files, explicit little-endian, of a patient who never was.
 */
export interface DicomFileOptions {
  readonly height: number;
  readonly width: number;
  /** Stored values, of all frames. */
  readonly values: readonly number[];
  readonly bitsStored?: number;
  readonly isSigned?: boolean;
  readonly frames?: number;
  readonly photometric?: string;
  readonly transferSyntax?: string;
  /** Center and width. */
  readonly window?: readonly [number, number];
  readonly rescale?: { readonly slope: number; readonly intercept: number };
}

/** What must be found nowhere but in the file itself. */
export const PATIENT = ["Mustermann^Erika", "PID-4711", "19640812", "Charite Musterhaus"] as const;

type Value = string | number | Uint8Array;

export function dicomFile(options: DicomFileOptions): Uint8Array {
  const { height, width, values, bitsStored = 12, isSigned = false, frames = 1, window, rescale } = options;
  const { photometric = "MONOCHROME2", transferSyntax = "1.2.840.10008.1.2.1" } = options;
  const [name, id, birth, institution] = PATIENT;
  const isWide = bitsStored > 8;
  const meta = element(0x0002, 0x0010, "UI", transferSyntax);
  const optional = [
    ...(window ? [element(0x0028, 0x1050, "DS", `${window[0]}`), element(0x0028, 0x1051, "DS", `${window[1]}`)] : []),
    ...(rescale
      ? [element(0x0028, 0x1052, "DS", `${rescale.intercept}`), element(0x0028, 0x1053, "DS", `${rescale.slope}`)]
      : []),
  ];
  const body = [
    element(0x0008, 0x0080, "LO", institution),
    element(0x0010, 0x0010, "PN", name),
    element(0x0010, 0x0020, "LO", id),
    element(0x0010, 0x0030, "DA", birth),
    element(0x0028, 0x0002, "US", photometric === "RGB" ? 3 : 1),
    element(0x0028, 0x0004, "CS", photometric),
    ...(frames === 1 ? [] : [element(0x0028, 0x0008, "IS", `${frames}`)]),
    element(0x0028, 0x0010, "US", height),
    element(0x0028, 0x0011, "US", width),
    element(0x0028, 0x0100, "US", isWide ? 16 : 8),
    element(0x0028, 0x0101, "US", bitsStored),
    element(0x0028, 0x0102, "US", bitsStored - 1),
    element(0x0028, 0x0103, "US", isSigned ? 1 : 0),
    ...optional,
    element(0x7fe0, 0x0010, "OW", new Uint8Array(isWide ? Uint16Array.from(values).buffer : Uint8Array.from(values))),
  ];
  const length = element(0x0002, 0x0000, "UL", meta.length);
  return new Uint8Array(Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), length, meta, ...body]));
}

function element(group: number, number: number, representation: string, value: Value): Buffer {
  const content = contentOf(representation, value);
  const isLong = representation === "OW";
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(representation, 4, "latin1");
  if (isLong) head.writeUInt32LE(content.length, 8);
  else head.writeUInt16LE(content.length, 6);
  return Buffer.concat([head, content]);
}

/** Of an even length, as all of DICOM. */
function contentOf(representation: string, value: Value): Buffer {
  if (typeof value === "number") {
    const bytes = Buffer.alloc(representation === "UL" ? 4 : 2);
    if (representation === "UL") bytes.writeUInt32LE(value);
    else bytes.writeUInt16LE(value);
    return bytes;
  }
  const bytes = typeof value === "string" ? Buffer.from(value, "latin1") : Buffer.from(value);
  const filling = representation === "UI" || typeof value !== "string" ? "\0" : " ";
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(filling)]);
}
