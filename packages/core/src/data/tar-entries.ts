/**
 * Where the examples are inside a tar archive, and what is said of them beside them; nothing is unpacked.
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
import { extract, type Header } from "tar-stream";
import { UsageError } from "../usage-error.js";
import { CorruptSampleError } from "./dataset.js";
import type { Tally } from "./passed-over.js";

export interface TarEntry<Facts = unknown> {
  /** `train/airplane/0000.jpg` */
  readonly name: string;
  readonly size: number;
  /** Where its bytes begin in the archive, or the bytes themselves. */
  readonly at: number | Uint8Array;
  /** What `000123.cls` or `000123.json` beside `000123.jpg` says. */
  readonly beside?: Facts | undefined;
}

/** Of a gzip archive, examples of so many bytes are kept in memory. */
const MOST_KEPT = 2 ** 30;
/** No archive unfolds to more: images and recordings hardly shrink, so that much more is an attack. */
const MOST_UNFOLDED = 8 * 2 ** 30;
const MOST_FACTS_BYTES = 2 ** 20;
const HIDDEN = /(^|\/)(\.(?!\.?\/)|__MACOSX\/)/;

export interface TarReading<Facts> {
  /** Who was asked, for errors: "tarShards". */
  readonly who: string;
  /** What the examples are called, in the plural: "images". */
  readonly noun: string;
  isExample(name: string): boolean;
  /** Whether a file may say something of the example beside it. */
  tells(name: string): boolean;
  /** What such a file says; undefined where it is nothing. */
  factsIn(name: string, text: string): Facts | undefined;
  /** Told of entries that are not read. */
  readonly others?: Tally | undefined;
  /** Bytes of examples of a gzip archive that may be kept; 1 GiB unless told. */
  readonly mostKept?: number | undefined;
}

/** The examples, in the order they were put in. */
export async function tarEntries<Facts extends object>(
  archive: string,
  reading: TarReading<Facts>,
): Promise<TarEntry<Facts>[]> {
  const { who, isExample, tells, factsIn, others, mostKept = MOST_KEPT } = reading;
  const isZipped = /gz$/i.test(archive);
  const entries: TarEntry<Facts>[] = [];
  const facts = new Map<string, Facts>();
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
    if (isExample(name)) {
      if (!isZipped) {
        entries.push({ name, size, at: byteOffset });
        return pass();
      }
      kept += size;
      if (kept > mostKept) return void reader.destroy(new TooLarge(reading, archive, mostKept));
      return void buffer(content).then(
        (at) => {
          entries.push({ name, size, at });
          next();
        },
        () => {},
      );
    }
    if (!tells(name) || size > MOST_FACTS_BYTES) {
      others?.add(`${/\.[^./]+$/.exec(name)?.[0].toLowerCase() ?? "other"} files`, name);
      return pass();
    }
    return void buffer(content).then(
      (bytes) => {
        const told = factsIn(name, bytes.toString("utf8"));
        const key = sampleKey(name);
        if (told !== undefined) facts.set(key, { ...facts.get(key), ...told });
        else others?.add(`${/\.[^./]+$/.exec(name)![0].toLowerCase()} files`, name);
        next();
      },
      () => {},
    );
  });
  const file = createReadStream(archive, { highWaterMark: 2 ** 20 });
  try {
    if (isZipped) await pipeline(file, createGunzip(), counted(reading, archive), reader);
    else await pipeline(file, reader);
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    throw new UsageError(
      `${who}: ${archive} is no whole tar archive: ${(error as Error).message}. Was it copied to the end?`,
      { cause: error },
    );
  }
  if (!isZipped && !(await endsInZeros(archive))) {
    others?.add("end marks of tar archives, which are missing: were they copied to the end?", basename(archive));
  }
  if (facts.size === 0) return entries;
  return entries.map((entry) => ({ ...entry, beside: facts.get(sampleKey(entry.name)) }));
}

/** What files of one sample have in common in webdataset's shards: the path up to the first dot of its last part. */
export function sampleKey(name: string): string {
  const slash = name.lastIndexOf("/") + 1;
  const dot = name.indexOf(".", slash);
  return dot < 0 ? name : name.slice(0, dot);
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

type Asked = Pick<TarReading<object>, "who" | "noun">;

class TooLarge extends Error {
  constructor({ who, noun }: Asked, archive: string, most: number) {
    super(
      `${who}: the ${noun} in ${archive} must unfold to at most ${most} bytes, which are kept in memory: what gzip holds cannot be read in any order. ` +
        `Unpack it first: gunzip -k ${archive}`,
    );
  }
}

function counted(asked: Asked, archive: string): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      total += chunk.length;
      if (total > MOST_UNFOLDED) done(new TooLarge(asked, archive, MOST_UNFOLDED));
      else done(null, chunk);
    },
  });
}

/** The bytes of an entry. */
export async function readTarEntry(id: string, archive: string, { at, size }: TarEntry): Promise<Uint8Array> {
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
