/** What kind of image a file holds, by its first bytes (tensorflow/core/kernels/image/decode_image_op.cc). */
export type ImageFormat = "jpeg" | "png" | "gif" | "bmp";

const BEGINNINGS: readonly (readonly [ImageFormat, readonly number[]])[] = [
  ["jpeg", [0xff, 0xd8, 0xff]],
  ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["gif", [0x47, 0x49, 0x46, 0x38]],
  ["bmp", [0x42, 0x4d]],
];

export function imageFormatOf(contents: Uint8Array): ImageFormat | undefined {
  return BEGINNINGS.find(([, bytes]) => bytes.every((byte, i) => contents[i] === byte))?.[0];
}

/** Throws where the contents are not of the format, or are no bytes at all. */
export function assertFormat(name: string, contents: Uint8Array, format: ImageFormat): void {
  assertBytes(name, contents);
  const found = imageFormatOf(contents);
  if (found === format) return;
  throw new Error(
    `tf.node.${name}: contents must be the bytes of a ${format.toUpperCase()} file, got ${found ? `a ${found.toUpperCase()} file` : beginning(contents)}. ` +
      "tf.node.decodeImage finds out by itself which of BMP, GIF, JPEG and PNG it is.",
  );
}

export function assertBytes(name: string, contents: Uint8Array): void {
  if (contents instanceof Uint8Array) return;
  throw new Error(
    `tf.node.${name}: contents must be a Uint8Array, the bytes of an image file as fs.readFileSync(path) gives them, got ${typeof contents}.`,
  );
}

export function beginning(contents: Uint8Array): string {
  if (contents.length === 0) return "no bytes";
  const first = [...contents.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
  return `${contents.length} bytes that begin with ${first.join(" ")}`;
}
