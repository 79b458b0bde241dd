/**
 * Where the images are inside a tar archive, and the labels beside them; nothing is unpacked.
 *
 * An archive is streamed through once. A plain one is read later where its entries lie; what gzip holds cannot be, and stays in memory
 * within a budget. Regular files only; links, devices and the paths that entries claim lead nowhere.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { Transform } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { CorruptSampleError } from "@autodidact/core";
import { extract, type Header } from "tar-stream";
import { assertReadable, isImageFile } from "./decode-image.js";
import type { Tally } from "./passed-over.js";
import { labelIn, labelKey } from "./webdataset-labels.js";

export interface TarEntry {
  /** `train/airplane/0000.jpg` */
  readonly name: string;
  readonly size: number;
  /** Where its bytes begin in the archive, or the bytes themselves. */
  readonly at: number | Uint8Array;
  /** What `000123.cls` or `000123.json` beside `000123.jpg` says. */
  readonly label?: string | undefined;
}

/** Of a gzip archive, images of so many bytes are kept in memory. */
const MOST_KEPT = 2 ** 30;
/** No archive unfolds to more: images hardly shrink, so that much more is an attack. */
const MOST_UNFOLDED = 8 * 2 ** 30;
const MOST_LABEL_BYTES = 2 ** 20;
const HIDDEN = /(^|\/)(\.(?!\.?\/)|__MACOSX\/)/;

export interface TarReading {
  /** Told of entries that are not read. */
  readonly others?: Tally | undefined;
  /** Bytes of images of a gzip archive that may be kept; 1 GiB unless told. */
  readonly mostKept?: number | undefined;
}

/** The images, in the order they were put in. */
export async function tarEntries(
  archive: string,
  { others, mostKept = MOST_KEPT }: TarReading = {},
): Promise<TarEntry[]> {
  const isZipped = /gz$/i.test(archive);
  const entries: TarEntry[] = [];
  const labels = new Map<string, string>();
  let kept = 0;
  const reader = extract();
  reader.on("entry", (header, content, next) => {
    content.on("error", () => {}); // the reader's own error says it
    const name = header.name.replace(/^(\.?\/)+/, "");
    const { byteOffset } = header as Header & { byteOffset: number }; // set by tar-stream 3, absent from its types
    const size = header.size ?? 0;
    const pass = () => void content.on("end", next).resume();
    const isFile = header.type === "file" || header.type === "contiguous-file";
    if (!isFile) return pass();
    if (HIDDEN.test(name)) {
      others?.add("hidden files and folders", name);
      return pass();
    }
    if (isImageFile(name)) {
      if (!isZipped) {
        entries.push({ name, size, at: byteOffset });
        return pass();
      }
      kept += size;
      if (kept > mostKept) return void reader.destroy(new TooLarge(archive, mostKept));
      return void buffer(content).then(
        (at) => {
          entries.push({ name, size, at });
          next();
        },
        () => {},
      );
    }
    const key = labelKey(name);
    if (key === undefined || size > MOST_LABEL_BYTES) {
      others?.add(`${/\.[^./]+$/.exec(name)?.[0].toLowerCase() ?? "other"} files`, name);
      return pass();
    }
    return void buffer(content).then(
      (bytes) => {
        const label = labelIn(name, bytes.toString("utf8"));
        if (label !== undefined) labels.set(key, label);
        else others?.add(`${/\.[^./]+$/.exec(name)![0].toLowerCase()} files`, name);
        next();
      },
      () => {},
    );
  });
  const file = createReadStream(archive, { highWaterMark: 2 ** 20 });
  try {
    if (isZipped) await pipeline(file, createGunzip(), counted(archive), reader);
    else await pipeline(file, reader);
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    throw new Error(
      `tarShards: ${archive} is no whole tar archive: ${(error as Error).message}. Was it copied to the end?`,
      { cause: error },
    );
  }
  if (!isZipped && !(await endsInZeros(archive))) {
    others?.add("end marks of tar archives, which are missing: were they copied to the end?", basename(archive));
  }
  if (labels.size === 0) return entries;
  return entries.map((entry) => ({ ...entry, label: labels.get(labelKey(entry.name, { isImage: true })!) }));
}

/** An archive ends with blocks of zeros. One that was cut between two entries looks whole but for them. */
async function endsInZeros(archive: string): Promise<boolean> {
  const file = await open(archive);
  try {
    const { size } = await file.stat();
    const { buffer: block } = await file.read(Buffer.alloc(512), 0, 512, Math.max(0, size - 512));
    return block.every((byte) => byte === 0);
  } finally {
    await file.close();
  }
}

class TooLarge extends Error {
  constructor(archive: string, most: number) {
    super(
      `tarShards: the images in ${archive} must unfold to at most ${most} bytes, which are kept in memory: what gzip holds cannot be read in any order. ` +
        `Unpack it first: gunzip -k ${archive}`,
    );
  }
}

function counted(archive: string): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      total += chunk.length;
      if (total > MOST_UNFOLDED) done(new TooLarge(archive, MOST_UNFOLDED));
      else done(null, chunk);
    },
  });
}

/** The bytes of an entry. */
export async function readEntry(id: string, archive: string, { at, size }: TarEntry): Promise<Uint8Array> {
  assertReadable(id, size);
  if (typeof at !== "number") return at;
  const file = await open(archive);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, at);
    if (bytesRead < size) throw new CorruptSampleError(id, `the archive ends after ${bytesRead} of its ${size} bytes`);
    return buffer;
  } finally {
    await file.close();
  }
}
