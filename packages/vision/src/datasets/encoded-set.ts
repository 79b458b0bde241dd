/**
 * Image files, in a folder or in archives, as a set: their paths say parts and classes.
 */
import { byCodePoint, byNumberOrName, type LayoutOptions, layoutOf, tally } from "@autodidact/core";
import { type DecodeOptions, decodeImage, type ImageHeader } from "./decode-image.js";
import type { ImagePart, ImageSet } from "./image-set.js";
import { maskRows } from "./mask-folders.js";

/** Encoded images by number. */
export interface EncodedImages {
  /** Where each lies: what tells its part and its class. */
  readonly paths: readonly string[];
  /** Labels that are told beside the images, in place of folders. */
  label?(row: number): string | undefined;
  /** Its name in messages; the path below its part unless told. */
  id?(row: number): string;
  /** The file on disk that holds it. */
  source(row: number): string;
  read(row: number, id: string): Promise<Uint8Array>;
  header(row: number, id: string, decoding: DecodeOptions): Promise<ImageHeader>;
}

export interface EncodedSetOptions extends Omit<LayoutOptions, "who" | "noun"> {
  /** Who was asked, for errors; `openImages` unless told. */
  readonly who?: string | undefined;
  /** Masks beside images are left out, whatever the layout; unless told, where no layout is. */
  readonly areMasksLeftOut?: boolean | undefined;
  /** "a folder of images" */
  readonly kind: string;
}

export function encodedSet(
  images: EncodedImages,
  { kind, who = "openImages", ...options }: EncodedSetOptions,
): ImageSet {
  const { areMasksLeftOut = options.layout === undefined } = options;
  const { paths, label } = images;
  const passedOver = tally();
  const masks = areMasksLeftOut ? maskRows(paths) : new Set<number>();
  for (const row of masks) passedOver.add("masks beside the images", paths[row]!);
  const kept = Array.from(paths.keys()).filter((row) => !masks.has(row));
  const places = masks.size === 0 ? paths : kept.map((row) => paths[row]!);
  const { parts: laidOut, outside, remarks, only } = layoutOf(places, { ...options, who, noun: "images" });
  for (const place of outside) passedOver.add("images outside the parts", paths[kept[place]!]!);
  const parts = laidOut.map(({ name, rows: places, idStart, className: classAt }): ImagePart => {
    const rows = places.map((place) => kept[place]!);
    const id = (index: number) => images.id?.(rows[index]!) ?? paths[rows[index]!]!.slice(idStart);
    return {
      name,
      files: new Set(rows.map((row) => images.source(row))).size,
      length: rows.length,
      id,
      fullId: (index) => images.id?.(rows[index]!) ?? paths[rows[index]!]!,
      className: (index) => (label === undefined ? classAt(places[index]!) : label(rows[index]!)),
      source: (index) => images.source(rows[index]!),
      header: (index, decoding) => images.header(rows[index]!, id(index), decoding),
      get: async (index, decoding) => decodeImage(id(index), await images.read(rows[index]!, id(index)), decoding),
    };
  });
  return {
    kind,
    parts,
    passedOver: passedOver.list(),
    remarks: label === undefined ? [...remarks, ...(only === undefined ? [] : [`all lie in one folder, ${only}`])] : [],
    whyUnlabelled:
      only === undefined ? undefined : `they all lie in one folder, ${only}, and one class tells nothing apart`,
    areLabelsTold: label !== undefined,
    compare: label === undefined ? byCodePoint : byNumberOrName,
  };
}
