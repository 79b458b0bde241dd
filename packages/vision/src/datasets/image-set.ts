/**
 * What was found at a path: its parts, each with its images, before anybody says what size they shall have.
 */
import {
  assertWithin,
  CorruptSampleError,
  fingerprintFiles,
  type PartedSet,
  type PartLabels,
  type SetPart,
} from "@autodidact/core";
import type { Image } from "../image.js";
import type { DecodeOptions, ImageHeader } from "./decode-image.js";
import type { ImageDataset } from "./image-dataset.js";

export interface ImagePart extends SetPart {
  /** A name beside images of other parts; the same unless told. */
  fullId?(index: number): string;
  /** The file on disk that holds it. */
  source(index: number): string;
  /** Reads what many images have in common; called before the first `get`. */
  load?(): Promise<void>;
  get(index: number, decoding: DecodeOptions): Promise<Omit<Image, "label">>;
  /** The image's own size and channels. */
  header(index: number, decoding: DecodeOptions): Promise<ImageHeader>;
}

export interface ImageSet extends PartedSet {
  readonly parts: readonly ImagePart[];
}

/** Images of one part or of several, one after the other. */
export async function datasetOf(
  parts: readonly ImagePart[],
  { classes, labelled }: PartLabels,
  decoding: DecodeOptions,
): Promise<ImageDataset> {
  for (const part of parts) await part.load?.();
  const places = new Map(classes.map((name, place) => [name, place]));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const isLabelled = parts.every(({ name }) => labelled.has(name));
  const at = (index: number) => {
    assertWithin("ImageDataset", index, length);
    let own = index;
    for (const part of parts) {
      if (own < part.length) return { part, own };
      own -= part.length;
    }
    throw new Error("datasetOf: the parts ended."); // unreachable: the index is within
  };
  const id = (index: number) => {
    const { part, own } = at(index);
    return parts.length === 1 ? part.id(own) : (part.fullId ?? part.id)(own);
  };
  const label = (index: number) => {
    if (!isLabelled) return undefined;
    const { part, own } = at(index);
    return places.get(part.className(own)!);
  };
  /** What is broken is called as everybody calls it. */
  const named = async <Told>(index: number, tell: (part: ImagePart, own: number) => Promise<Told>): Promise<Told> => {
    const { part, own } = at(index);
    try {
      return await tell(part, own);
    } catch (error) {
      if (!(error instanceof CorruptSampleError) || parts.length === 1) throw error;
      throw new CorruptSampleError(id(index), error.reason, { cause: error });
    }
  };
  return {
    length,
    classes: isLabelled ? classes : [],
    id,
    label,
    source(index) {
      const { part, own } = at(index);
      return part.source(own);
    },
    header: (index) => named(index, (part, own) => part.header(own, decoding)),
    get: async (index) => ({
      ...(await named(index, (part, own) => part.get(own, decoding))),
      id: id(index),
      label: label(index),
    }),
    contents: (options) => fingerprintFiles(filesOf(options?.rows ?? Array(length).keys(), at), options),
  };
}

/** Each file once, in the order in which the images are first met in them. */
function filesOf(rows: Iterable<number>, at: (index: number) => { part: ImagePart; own: number }): string[] {
  const files = new Set<string>();
  for (const row of rows) {
    const { part, own } = at(row);
    files.add(part.source(own));
  }
  return [...files];
}
