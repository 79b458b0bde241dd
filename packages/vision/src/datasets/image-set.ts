/**
 * What was found at a path: its parts, each with its images, before anybody says what size they shall have.
 */
import { CorruptSampleError, type FoundData, fingerprintFiles, type PartName, type PassedOver } from "@autodidact/core";
import type { Image } from "../image.js";
import type { DecodeOptions, ImageHeader } from "./decode-image.js";
import { assertWithin, byCodePoint, type ImageDataset } from "./image-dataset.js";

export interface ImagePart {
  readonly name: PartName;
  /** Files on disk that hold it. */
  readonly files: number;
  readonly length: number;
  /** A name inside the part. */
  id(index: number): string;
  /** A name beside images of other parts; the same unless told. */
  fullId?(index: number): string;
  className(index: number): string | undefined;
  /** The file on disk that holds it. */
  source(index: number): string;
  /** Reads what many images have in common; called before the first `get`. */
  load?(): Promise<void>;
  get(index: number, decoding: DecodeOptions): Promise<Omit<Image, "label">>;
  /** The image's own size and channels. */
  header(index: number, decoding: DecodeOptions): Promise<ImageHeader>;
}

export interface ImageSet {
  /** "a folder of images" */
  readonly kind: string;
  readonly parts: readonly ImagePart[];
  /** The classes in their order, where the set tells them; else those that images have, sorted. */
  readonly classes?: readonly string[] | undefined;
  /** Labels are told, not guessed from folders: one class alone is one too. */
  readonly areLabelsTold?: boolean | undefined;
  /** The order of the classes; by code point unless told. */
  readonly compare?: ((a: string, b: string) => number) | undefined;
  readonly passedOver: readonly PassedOver[];
  /** What was decided of its folders and might have been meant otherwise. */
  readonly remarks?: readonly string[] | undefined;
}

/** Names of labels, and which parts have them. */
export interface Labels {
  readonly classes: readonly string[];
  /** How many of them are the training part's; others follow. */
  readonly learnable: number;
  readonly labelled: ReadonlySet<PartName>;
  /** Why there are none, or not in every part. */
  readonly reason: string;
}

/**
 * The classes of the training part, then those that only other parts have. A part is labelled where each of its images is; one class alone tells
 * nothing apart.
 */
export function labelsOf({ parts, classes: told, areLabelsTold, compare = byCodePoint }: ImageSet): Labels {
  const named = new Map<PartName, Set<string>>();
  let reason = "they lie in no folders of classes";
  for (const part of parts) {
    const names = new Set<string>();
    let unlabelled: number | undefined;
    for (let index = 0; index < part.length; index++) {
      const name = part.className(index);
      if (name === undefined) unlabelled ??= index;
      else names.add(name);
    }
    if (unlabelled === undefined) named.set(part.name, names);
    else if (names.size > 0) reason = `${part.id(unlabelled)} has no class, others have`;
  }
  const learned = named.get("train") ?? named.get("all");
  const all = new Set([...named.values()].flatMap((names) => [...names]));
  if (told === undefined && all.size < (areLabelsTold ? 1 : 2)) {
    if (all.size === 1) reason = `there is one class alone, ${[...all][0]}`;
    return { classes: [], learnable: 0, labelled: new Set(), reason };
  }
  if (told !== undefined) return { classes: told, learnable: told.length, labelled: new Set(named.keys()), reason };
  const learnable = learned ?? all;
  const others = [...all].filter((name) => !learnable.has(name));
  return {
    classes: [...[...learnable].sort(compare), ...others.sort(compare)],
    learnable: learnable.size,
    labelled: new Set(named.keys()),
    reason,
  };
}

/** Images of one part or of several, one after the other. */
export async function datasetOf(
  parts: readonly ImagePart[],
  { classes, labelled }: Labels,
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

/** What is said of it before work begins. */
export function foundIn(set: ImageSet, labels: Labels): FoundData {
  const { kind, parts, passedOver, remarks } = set;
  const places = new Map(labels.classes.map((name, place) => [name, place]));
  const told = parts.map((part) => {
    const perClass = new Array<number>(labels.labelled.has(part.name) ? labels.classes.length : 0).fill(0);
    if (perClass.length > 0)
      for (let index = 0; index < part.length; index++) perClass[places.get(part.className(index)!)!]! += 1;
    return { name: part.name, files: part.files, examples: part.length, perClass };
  });
  return { kind, parts: told, classes: labels.classes, passedOver, ...(remarks?.length && { remarks }) };
}
