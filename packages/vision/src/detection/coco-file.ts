/**
 * COCO's JSON of boxes, as it is found: gaps between ids, broken boxes, images without any.
 *
 * https://cocodataset.org/#format-data
 */
import { type PassedOver, UsageError } from "@autodidact/core";

/** Left, top, width, height in pixels. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** An object in an image; @autodidact/evaluate's `TrueBox`. */
export interface TrueBox {
  readonly box: Box;
  readonly label: number;
  /** In pixels, of the object's outline where the file knows it, else of the box. */
  readonly area: number;
  /** Many objects in one box: nothing is learned from it, and what is found in it neither counts nor harms. */
  readonly isCrowd: boolean;
}

export interface CocoImage {
  /** As the file names it: a path, often a name alone. */
  readonly file: string;
  readonly boxes: readonly TrueBox[];
}

export interface CocoFile {
  readonly categories: readonly { readonly id: number; readonly name: string }[];
  /** Broken boxes, by what is wrong with them. */
  readonly passedOver: readonly PassedOver[];
  /** In the order of their ids; `labelOf` gives a category's label by its id. */
  imagesBy(labelOf: ReadonlyMap<number, number>): CocoImage[];
}

interface Row {
  readonly [field: string]: unknown;
}

/** Whether a JSON value is such a file at all. */
export function isCoco(value: unknown): value is Row {
  const { images, annotations, categories } = Object(value) as Row;
  return [images, annotations, categories].every(Array.isArray);
}

/** `name` is the file's, for errors. */
export function readCoco(name: string, value: Row): CocoFile {
  const images = rows(value.images).map(({ id, file_name: file, width, height }) => {
    if (typeof id === "number" && typeof file === "string") return { id, file, width, height };
    throw new UsageError(
      `openDetection: every image of ${name} must have an id and a file_name, got ${JSON.stringify({ id, file_name: file })}.`,
    );
  });
  const categories = rows(value.categories).map(({ id, name: called }) => {
    if (typeof id === "number" && typeof called === "string") return { id, name: called };
    throw new UsageError(
      `openDetection: every category of ${name} must have an id and a name, got ${JSON.stringify({ id, name: called })}.`,
    );
  });
  images.sort((a, b) => a.id - b.id);
  const imageOf = new Map(images.map((image) => [image.id, image]));
  const known = new Set(categories.map(({ id }) => id));
  const broken = new Map<string, string[]>();
  const boxes = new Map<number, (Omit<TrueBox, "label"> & { category: number })[]>();
  for (const annotation of rows(value.annotations)) {
    const [image, category] = [annotation.image_id as number, annotation.category_id as number];
    const fault = faultOf(annotation, imageOf.get(image), known.has(category));
    if (fault === undefined) boxes.set(image, [...(boxes.get(image) ?? []), { ...boxOf(annotation), category }]);
    else {
      const where = imageOf.get(image)?.file ?? `image ${image}`;
      broken.set(fault, [...(broken.get(fault) ?? []), `annotation ${String(annotation.id)} of ${where}`]);
    }
  }
  return {
    categories,
    passedOver: [...broken].map(([what, names]) => ({ what, count: names.length, names: names.slice(0, 5) })),
    imagesBy: (labelOf) =>
      images.map(({ id, file }) => ({
        file,
        boxes: (boxes.get(id) ?? []).map(({ category, ...box }) => ({ ...box, label: labelOf.get(category)! })),
      })),
  };
}

const rows = (value: unknown) => value as readonly Row[];

/** In the plural, as what is passed over is told; undefined of a sound box. */
function faultOf(
  { bbox }: Row,
  image: { width: unknown; height: unknown } | undefined,
  isKnown: boolean,
): string | undefined {
  if (image === undefined) return "boxes of an image that the file does not list";
  if (!isKnown) return "boxes of a category that the file does not list";
  const numbers = Array.isArray(bbox) && bbox.length === 4 && bbox.every((number) => Number.isFinite(number));
  if (!numbers) return "boxes that are not four numbers x, y, width, height";
  const [x, y, width, height] = bbox as number[];
  if (width! <= 0 || height! <= 0) return "boxes without width or height";
  const beyond = (from: number, size: number, side: unknown) =>
    from + size <= 0 || (typeof side === "number" && from >= side);
  if (beyond(x!, width!, image.width) || beyond(y!, height!, image.height)) return "boxes outside of their image";
  return undefined;
}

function boxOf({ bbox, area, iscrowd }: Row): Omit<TrueBox, "label"> {
  const box = bbox as unknown as Box;
  const isCrowd = iscrowd === 1 || iscrowd === true;
  return { box, isCrowd, area: typeof area === "number" ? area : box[2] * box[3] };
}
