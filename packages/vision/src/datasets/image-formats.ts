/**
 * Which image files are read, told by their names and by how they begin; and those that are not, by name.
 */
import { isDicom } from "./dicom/dicom-attributes.js";

export interface ImageFormat {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Whether a file begins like one; 132 bytes suffice. */
  begins(bytes: Uint8Array): boolean;
  /** How libvips' complaints about such a file begin. */
  readonly complaints: RegExp;
}

const formats: readonly ImageFormat[] = [
  {
    name: "JPEG",
    extensions: [".jpg", ".jpeg", ".jpe", ".jfif"],
    begins: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
    complaints: /^(vipsjpeg|jpeg|vips2jpeg|uhdr)/i,
  },
  {
    name: "PNG",
    extensions: [".png"],
    begins: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47]),
    complaints: /^(vipspng|spng|png)/i,
  },
  {
    name: "WebP",
    extensions: [".webp"],
    begins: (bytes) => startsWith(bytes, ascii("RIFF")) && startsWith(bytes.subarray(8), ascii("WEBP")),
    complaints: /^webp/i,
  },
  {
    name: "TIFF",
    extensions: [".tif", ".tiff"],
    begins: (bytes) => ["II*\0", "II+\0", "MM\0*", "MM\0+"].some((mark) => startsWith(bytes, ascii(mark))),
    complaints: /^tiff/i,
  },
  {
    name: "GIF",
    extensions: [".gif"],
    begins: (bytes) => ["GIF87a", "GIF89a"].some((mark) => startsWith(bytes, ascii(mark))),
    complaints: /^gif/i,
  },
  {
    name: "AVIF",
    extensions: [".avif"],
    begins: (bytes) => brandsOf(bytes).some((brand) => ["avif", "avis"].includes(brand)),
    complaints: /^(heif|source)/i,
  },
  {
    name: "DICOM",
    extensions: [".dcm", ".dicom"],
    begins: isDicom,
    complaints: /^dicom/i,
  },
];

interface Refused extends Pick<ImageFormat, "name" | "extensions" | "begins"> {
  readonly remedy: string;
}

const HEIF_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"];

/** What people have and libvips, as sharp brings it, does not read. */
const refused: readonly Refused[] = [
  {
    name: "BMP",
    extensions: [".bmp", ".dib"],
    begins: (bytes) => startsWith(bytes, ascii("BM")) && bytes.subarray(6, 10).every((byte) => byte === 0),
    remedy: "convert it to PNG: magick mogrify -format png *.bmp",
  },
  {
    name: "HEIC",
    extensions: [".heic", ".heif", ".hif"],
    begins: (bytes) => brandsOf(bytes).some((brand) => HEIF_BRANDS.includes(brand)),
    remedy: "convert it to JPEG: magick mogrify -format jpg *.heic",
  },
  {
    name: "JPEG XL",
    extensions: [".jxl"],
    begins: (bytes) => startsWith(bytes, [0xff, 0x0a]) || startsWith(bytes.subarray(4), ascii("JXL ")),
    remedy: "convert it to PNG: magick mogrify -format png *.jxl",
  },
  {
    name: "JPEG 2000",
    extensions: [".jp2", ".j2k", ".jpx"],
    begins: (bytes) => startsWith(bytes, [0xff, 0x4f, 0xff, 0x51]) || startsWith(bytes.subarray(4), ascii("jP  ")),
    remedy: "convert it to PNG: magick mogrify -format png *.jp2",
  },
];

/** "JPEG, PNG, WebP, TIFF, GIF, AVIF, DICOM" */
export const readableFormats = formats.map(({ name }) => name).join(", ");

/** Tells by the file's name alone. */
export function isImageFile(path: string): boolean {
  return formats.some(named(path));
}

/** Images by their name that cannot be read, with what to do: "HEIC is not read: convert …"; undefined of all others. */
export function whyNotRead(path: string): string | undefined {
  return explained(refused.find(named(path)));
}

/** The format that a file begins like, or why it is none that is read. */
export function formatOf(beginning: Uint8Array): ImageFormat | string {
  return (
    formats.find(({ begins }) => begins(beginning)) ??
    explained(refused.find(({ begins }) => begins(beginning))) ??
    `the content is none of ${readableFormats}`
  );
}

const named = (path: string) => {
  const lower = path.toLowerCase();
  return ({ extensions }: Pick<ImageFormat, "extensions">) => extensions.some((extension) => lower.endsWith(extension));
};

const explained = (format: Refused | undefined) => format && `${format.name} is not read: ${format.remedy}`;

/** The major and the compatible brands of an ISO base media file, which AVIF and HEIC are. */
function brandsOf(bytes: Uint8Array): string[] {
  if (!startsWith(bytes.subarray(4), ascii("ftyp"))) return [];
  const end = Math.min(bytes.length, 64, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0));
  const text = String.fromCharCode(...bytes.subarray(8, end));
  const brands = text.match(/.{4}/gs) ?? [];
  return brands.filter((_, place) => place !== 1); // the second is the minor version
}

function startsWith(bytes: Uint8Array, beginning: readonly number[]): boolean {
  return beginning.every((byte, place) => bytes[place] === byte);
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}
