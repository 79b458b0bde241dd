/**
 * Images inside tar archives, read where they lie: nothing is unpacked.
 *
 * Each archive is streamed through once to note where its entries are; an image is then one read. Regular files only; links, devices and
 * the paths that entries claim lead nowhere.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { CorruptSampleError } from "@autodidact/core";
import { extract, type Header } from "tar-stream";
import { assertReadable, decodeHeader, decodeImage, isImageFile } from "./decode-image.js";
import {
  assertWithin,
  type ImageDataset,
  type ImageOptions,
  labelled,
  type Split,
  splitNamed,
} from "./image-dataset.js";

interface Entry {
  readonly archive: string;
  /** `train/airplane/0000.jpg` */
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** The images of one or several archives, in the order they were put in. An image's class is the folder that it lies in. */
export async function tarShards(
  archives: string | readonly string[],
  options: ImageOptions = {},
): Promise<ImageDataset> {
  const { split, ...decoding } = options;
  const all: Entry[] = [];
  for (const archive of typeof archives === "string" ? [archives] : archives) all.push(...(await imagesIn(archive)));
  const entries = partOf(all, split);
  const { classes, label } = labelled(entries.map(({ name }) => className(name)));
  const id = ({ archive, name }: Entry) => `${basename(archive)}/${name}`;

  return {
    length: entries.length,
    classes,
    label,
    id: (index) => id(entries[index]!),
    async header(index) {
      assertWithin("tarShards", index, entries.length);
      const entry = entries[index]!;
      const bytes = await read(id(entry), entry);
      return decodeHeader(id(entry), bytes, { ...decoding, beginning: bytes });
    },
    async get(index) {
      assertWithin("tarShards", index, entries.length);
      const entry = entries[index]!;
      return { ...(await decodeImage(id(entry), await read(id(entry), entry), decoding)), label: label(index) };
    },
  };
}

async function imagesIn(archive: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const reader = extract();
  reader.on("entry", (header, content, next) => {
    const name = header.name.replace(/^(\.?\/)+/, "");
    const { byteOffset: offset } = header as Header & { byteOffset: number }; // set by tar-stream 3, absent from its types
    const isFile = header.type === "file" || header.type === "contiguous-file";
    if (isFile && isImageFile(name) && !basename(name).startsWith("."))
      entries.push({ archive, name, offset, size: header.size });
    content.on("end", next);
    content.on("error", () => {}); // the reader's own error says it
    content.resume();
  });
  try {
    await pipeline(createReadStream(archive, { highWaterMark: 2 ** 20 }), reader);
  } catch (error) {
    throw new Error(
      `tarShards: ${archive} is no whole tar archive: ${(error as Error).message}. Was it copied to the end?`,
      { cause: error },
    );
  }
  return entries;
}

function partOf(entries: readonly Entry[], split: Split | undefined): readonly Entry[] {
  const parts = new Set(entries.map(({ name }) => splitIn(name)));
  const found = [...parts].map((part) => part ?? "others").join(", ") || "no image";
  if (split !== undefined) {
    if (!parts.has(split)) throw new Error(`tarShards: the archives must hold images under ${split}/, got ${found}.`);
    return entries.filter(({ name }) => splitIn(name) === split);
  }
  if (entries.length === 0) throw new Error("tarShards: the archives hold no JPEG, PNG or WebP file.");
  if (parts.size > 1) throw new Error(`tarShards: the archives hold the parts ${found}. Choose one with split.`);
  return entries;
}

function splitIn(name: string): Split | undefined {
  return folders(name)
    .map(splitNamed)
    .find((split) => split !== undefined);
}

/** The innermost folder, unless that only names the part. */
function className(name: string): string | undefined {
  const innermost = folders(name).at(-1);
  return innermost === undefined || splitNamed(innermost) ? undefined : innermost;
}

function folders(name: string): string[] {
  return name.split("/").slice(0, -1);
}

async function read(id: string, { archive, offset, size }: Entry): Promise<Uint8Array> {
  assertReadable(id, size);
  const file = await open(archive);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, offset);
    if (bytesRead < size) throw new CorruptSampleError(id, `the archive ends after ${bytesRead} of its ${size} bytes`);
    return buffer;
  } finally {
    await file.close();
  }
}
