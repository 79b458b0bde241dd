/**
 * Features as NumPy's own file, one array [count, size] of float32: `np.load(path, mmap_mode="r")`.
 *
 * Format 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import type { FileHandle } from "node:fs/promises";
import { endianness } from "node:os";
import type { Embedded } from "./embed.js";

/** A multiple of 64, with room for any shape: the rows are counted only in the end. */
const HEADER_BYTES = 128;

/**
 * Writes the whole array into an empty file, a part after the other, and a line of JSON for each row into `names`: `{"id":"a.png"}`, with
 * `label` of data with classes. Gives the number of rows and of features in each: 0 of nothing. The file must be one that can be written
 * at any place, no pipe: its head is written last.
 */
export async function writeNpy(
  file: FileHandle,
  names: FileHandle,
  embedded: AsyncIterable<Embedded>,
): Promise<{ count: number; size: number }> {
  let written = { count: 0, size: 0 };
  await file.writeFile(header(0, 0));
  for await (const { ids, labels, features } of embedded) {
    const { values, size } = features;
    const lines = ids.map((id, place) => JSON.stringify(labels === undefined ? { id } : { id, label: labels[place] }));
    await names.writeFile(`${lines.join("\n")}\n`);
    await file.writeFile(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    written = { count: written.count + ids.length, size };
  }
  await file.write(header(written.count, written.size), 0, HEADER_BYTES, 0);
  return written;
}

interface NpyHeader {
  readonly count: number;
  readonly size: number;
  /** Where the numbers begin. */
  readonly begin: number;
}

/** Of an array [count, size] of little-endian float32, rows one after the other; anything else is refused. */
export function readNpyHeader(beginning: Buffer, from: string): NpyHeader {
  const isNpy = beginning.length >= 12 && beginning.toString("latin1", 0, 6) === "\x93NUMPY";
  const isFirst = beginning[6] === 1; // later versions have a longer length, for headers that no such array has
  const begin = isNpy && isFirst ? 10 + beginning.readUInt16LE(8) : 0;
  const described = beginning.toString("latin1", 10, begin);
  const [, count, size] = /'shape': \((\d{1,15}), (\d{1,9}),?\)/.exec(described) ?? [];
  if (size !== undefined && /'descr': '<f4'/.test(described) && /'fortran_order': False/.test(described))
    return { count: Number(count), size: Number(size), begin };
  throw new Error(
    `readNpyHeader: ${from} must be NumPy's file of float32 [rows, features], got ${JSON.stringify(described.trim().slice(0, 100))}. ` +
      'Write it so: np.save(path, features.astype("<f4")).',
  );
}

function header(count: number, size: number): Buffer {
  const order = endianness() === "LE" ? "<" : ">"; // numbers are written as this machine holds them
  const described = `{'descr': '${order}f4', 'fortran_order': False, 'shape': (${count}, ${size}), }`;
  const bytes = Buffer.alloc(HEADER_BYTES, " ");
  bytes.write("\x93NUMPY\x01\x00", 0, "latin1");
  bytes.writeUInt16LE(HEADER_BYTES - 10, 8);
  bytes.write(described, 10, "latin1");
  bytes.write("\n", HEADER_BYTES - 1, "latin1");
  return bytes;
}
