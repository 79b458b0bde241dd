/**
 * Whole numbers on disk, little-endian and nothing else, written and read piece by piece.
 */
import { createHash } from "node:crypto";
import { createReadStream, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

export type NumberType = "uint16" | "uint32";

/** What a file must be when it is read again. */
export interface NumberFile {
  readonly type: NumberType;
  readonly length: number;
  /** The hash of its bytes, hexadecimal. */
  readonly sha256: string;
}

export interface NumberWriter {
  /** Numbers added so far. */
  readonly length: number;
  add(values: ArrayLike<number>): void;
  /** Writes to the disk what has gathered; worth calling after every few thousand numbers. */
  flush(options?: { evenIfLittle?: boolean }): Promise<void>;
  /** Flushes to the disk and closes. */
  finish(): Promise<NumberFile>;
  close(): Promise<void>;
}

const arrays = { uint16: Uint16Array, uint32: Uint32Array } as const;

/** Numbers that gather before they are written. */
const plenty = 2 ** 16;

export async function numberWriter(path: string, type: NumberType): Promise<NumberWriter> {
  const file = await open(path, "wx");
  const hash = createHash("sha256");
  const limit = type === "uint16" ? 2 ** 16 : 2 ** 32;
  let gathered = new arrays[type](2 * plenty);
  let filled = 0;
  let written = 0;

  async function flush({ evenIfLittle = false } = {}): Promise<void> {
    if (filled === 0 || (filled < plenty && !evenIfLittle)) return;
    const bytes = bytesOf(gathered.subarray(0, filled));
    hash.update(bytes);
    await file.writeFile(bytes);
    written += filled;
    filled = 0;
    if (gathered.length > 2 * plenty) gathered = new arrays[type](2 * plenty);
  }

  return {
    get length() {
      return written + filled;
    },
    add(values) {
      if (filled + values.length > gathered.length) {
        const larger = new arrays[type](2 * (filled + values.length));
        larger.set(gathered.subarray(0, filled));
        gathered = larger;
      }
      for (let i = 0; i < values.length; i += 1) {
        const value = values[i]!;
        if (!(value >= 0 && value < limit)) throw new RangeError(`numberWriter: a ${type} was due, got ${value}.`);
        gathered[filled++] = value;
      }
    },
    flush,
    async finish() {
      await flush({ evenIfLittle: true });
      await file.sync();
      await file.close();
      return { type, length: written, sha256: hash.digest("hex") };
    },
    close: () => file.close().catch(() => {}), // closed already
  };
}

/** Throws, saying what is wrong, where the file is not as it was written. */
export async function verifyNumberFile(path: string, { type, length, sha256 }: NumberFile): Promise<void> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
  }
  const expected = length * arrays[type].BYTES_PER_ELEMENT;
  if (bytes !== expected) throw new Error(`it has ${bytes} bytes, not ${expected}`);
  const found = hash.digest("hex");
  if (found !== sha256) throw new Error(`its SHA-256 is ${found.slice(0, 12)}…, not ${sha256.slice(0, 12)}…`);
}

/**
 * Numbers from … to − 1. Read at once: a sequence out of the page cache takes microseconds, a turn of Node's thread pool
 * ten times as long and a processor away from the step that is computing.
 */
export function readNumbers(file: FileHandle, type: NumberType, from: number, to: number): Uint16Array | Uint32Array {
  const numbers = new arrays[type](to - from);
  const bytes = bytesOf(numbers);
  for (let filled = 0; filled < bytes.length; ) {
    const place = from * numbers.BYTES_PER_ELEMENT + filled;
    const bytesRead = readSync(file.fd, bytes, filled, bytes.length - filled, place);
    if (bytesRead === 0)
      throw new Error(`readNumbers: the file must reach to number ${to}, it ends before. It was cut.`);
    filled += bytesRead;
  }
  return numbers;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength); // every machine that the engine runs on is little-endian
}
