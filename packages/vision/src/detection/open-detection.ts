/**
 * Images with boxes in COCO's JSON: a part to learn from, and a part to be measured on, whole in memory.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CorruptSampleError,
  type FoundData,
  ofFile,
  type PartName,
  type PassedOver,
  partInWords,
  UsageError,
  walkFiles,
} from "@autodidact/core";
import { type DecodeOptions, isImageFile } from "../datasets/decode-image.js";
import {
  type DenseData,
  type DenseReading,
  denseRows,
  partHash,
  partOf,
  readExamples,
} from "../datasets/dense-parts.js";
import { decodingOf, readWholeImage, type WholeImage } from "../datasets/whole-image.js";
import { memoryOf } from "../image.js";
import { type CocoFile, type CocoImage, isCoco, readCoco, type TrueBox } from "./coco-file.js";

export interface BoxedImage extends WholeImage {
  /** In pixels of the image as it was. */
  readonly boxes: readonly TrueBox[];
}

export type DetectionData = DenseData<BoxedImage>;

export interface DetectionOptions extends DenseReading, Omit<DecodeOptions, "size" | "squash"> {
  /** Side of the square that images are squashed to. */
  readonly size: number;
  /** Told what was understood of the data. */
  readonly onFound?: ((found: FoundData) => void) | undefined;
}

const WHO = "openDetection";

/**
 * `annotations.json` beside images or their folder; a file a part in folders of their own, or called for it: `instances_val2017.json`.
 * Images are found by the end of their paths.
 */
export async function openDetection(path: string, options: DetectionOptions): Promise<DetectionData> {
  const { files, passedOver } = await walkFiles(path, {
    who: WHO,
    noun: "images",
    kinds: ["images", "answers"],
    kindOf: (file) => (isImageFile(file) ? "images" : /\.json$/i.test(file) ? "answers" : undefined),
  });
  const annotated = await annotationFiles(path, files.answers);
  const { classes, labelOf } = classesOf(annotated);
  const find = finder(files.images);
  const images = annotated.flatMap(({ part, name, coco }) =>
    coco.imagesBy(labelOf).map((image) => ({ ...image, part, place: find(image.file, name) })),
  );
  const rows = denseRows(
    images.map(({ part }) => part),
    { who: WHO, path },
  );
  const dataset = {
    length: images.length,
    id: (row: number) => images[row]!.place ?? images[row]!.file,
    get: (row: number) => readBoxed(path, images[row]!, options),
  };
  const read = (some: readonly number[]) => readExamples(dataset, some, { ...options, who: WHO });
  const [train, test] = [await read(rows.train), await read(rows.test)];
  const found = {
    kind: "images with boxes in COCO's JSON",
    parts: [
      describePart(images[rows.train[0]!]!.part, train, classes),
      describePart(rows.isTestHeldOut ? "test" : images[rows.test[0]!]!.part, test, classes),
    ],
    classes,
    reading: [rows.reading],
    passedOver: [...passedOver, ...annotated.flatMap(({ coco }): readonly PassedOver[] => coco.passedOver)],
    remarks: remarksOn([...train, ...test]),
  };
  options.onFound?.(found);
  return { classes, train: part(train), test: part(test), isTestHeldOut: rows.isTestHeldOut, found };
}

interface Annotated {
  /** Below the folder. */
  readonly name: string;
  readonly part: PartName;
  readonly coco: CocoFile;
}

async function annotationFiles(root: string, names: readonly string[]): Promise<Annotated[]> {
  const found: Annotated[] = [];
  for (const name of names) {
    const text = await ofFile(name, join(root, name), () => readFile(join(root, name), "utf8"));
    const value = parsed(text);
    if (!isCoco(value)) continue;
    const above = partOf(name);
    const called = partInWords(name.split("/").at(-1)!);
    const part = above !== "all" ? above : called === undefined || called === "unlabelled" ? "all" : called;
    found.push({ name, part, coco: readCoco(name, value) });
  }
  if (found.length === 0) {
    throw new UsageError(
      `${WHO}: ${root} must hold a JSON of images, annotations and categories as COCO has it, and none of its ${names.length} JSON files is one. Call it annotations.json, beside the images.`,
    );
  }
  const twice = found.find(({ part }, place) => found.findIndex((other) => other.part === part) !== place);
  if (twice !== undefined) {
    const both = found.filter(({ part }) => part === twice.part).map(({ name }) => name);
    throw new UsageError(
      `${WHO}: each part must have one file of boxes, and ${both.join(" and ")} of ${root} are both ${twice.part}. Move one away, or call them for their parts: train.json, val.json.`,
    );
  }
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // somebody's other file; where none is left, that is said
  }
}

/** In the order of their ids; files of several parts must agree on them. */
function classesOf(files: readonly Annotated[]): { classes: string[]; labelOf: Map<number, number> } {
  const names = new Map<number, string>();
  for (const { name: file, coco } of files) {
    for (const { id, name } of coco.categories) {
      const other = names.get(id);
      if (other !== undefined && other !== name)
        throw new UsageError(`${WHO}: a category must have one name, and ${id} is ${other} and, in ${file}, ${name}.`);
      names.set(id, name);
    }
  }
  const ids = [...names.keys()].sort((a, b) => a - b);
  return { classes: ids.map((id) => names.get(id)!), labelOf: new Map(ids.map((id, label) => [id, label])) };
}

/** The image whose path ends as the file says; of several that in the annotations' own folder, or in one called as they are. */
function finder(images: readonly string[]) {
  const byName = new Map<string, string[]>();
  for (const image of images) {
    const name = image.split("/").at(-1)!;
    byName.set(name, [...(byName.get(name) ?? []), image]);
  }
  return (file: string, annotations: string): string | undefined => {
    const wanted = file.replaceAll("\\", "/").replace(/^\.?\//, "");
    const some = byName.get(wanted.split("/").at(-1)!) ?? [];
    const ending = some.filter((image) => image === wanted || image.endsWith(`/${wanted}`));
    if (ending.length < 2) return ending[0];
    const folder = annotations.split("/").slice(0, -1).join("/");
    const part = partInWords(annotations.split("/").at(-1)!);
    return (
      ending.find((image) => image === [folder, wanted].filter(Boolean).join("/")) ??
      ending.find((image) => folder !== "" && image.startsWith(`${folder}/`)) ??
      ending.find((image) => image.split("/").some((one) => part !== undefined && partInWords(one) === part)) ??
      ending[0]
    );
  };
}

async function readBoxed(
  root: string,
  { file, boxes, place }: CocoImage & { place: string | undefined },
  options: DetectionOptions,
): Promise<BoxedImage> {
  if (place === undefined) throw new CorruptSampleError(file, "the annotations name it, and it is not there");
  return { ...(await readWholeImage(root, place, decodingOf(options))), boxes };
}

const part = (examples: readonly BoxedImage[]) => ({
  examples,
  hash: partHash(examples, ({ id, pixels, boxes }) => [JSON.stringify([id, boxes]), memoryOf(pixels)]),
});

/** Boxes of each class. */
function describePart(name: PartName, images: readonly BoxedImage[], classes: readonly string[]) {
  const boxes = images.flatMap((image) => image.boxes);
  const perClass = classes.map((_, label) => boxes.filter((box) => box.label === label).length);
  return { name, files: images.length, examples: images.length, perClass };
}

function remarksOn(images: readonly BoxedImage[]): string[] {
  const boxes = images.flatMap((image) => image.boxes);
  const crowds = boxes.filter(({ isCrowd }) => isCrowd).length;
  const empty = images.filter((image) => image.boxes.length === 0).length;
  return [`boxes: ${boxes.length}, of which ${crowds} crowds; images without a box: ${empty}`];
}
