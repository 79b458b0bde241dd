/**
 * Images that a table names: CSV or TSV with a line of names, a column of files, and columns of classes and parts where they are told.
 */
import { stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import {
  byNumberOrName,
  CorruptSampleError,
  counted,
  delimited,
  listed,
  type PartName,
  partInWords,
  partNamed,
  type Row,
  tally,
  UsageError,
} from "@autodidact/core";
import { decodeImage, isImageFile } from "./decode-image.js";
import { readImageFile, readImageHeader } from "./image-file.js";
import type { ImagePart, ImageSet } from "./image-set.js";

export interface ImageTableOptions {
  /** The column of classes; `label`, `class`, `category` or `target` unless told. */
  readonly labelColumn?: string | undefined;
}

export const isImageTable = (name: string) => /\.(csv|tsv)(\.gz)?$/i.test(name);

const FILE = /^((image|img|file|rel(ative)?)[ _-]?)?(path|file|file[ _-]?name|image|img|location)$/i;
const LABEL = /^(labels?|class([ _-]?name)?|category|target)$/i;
const SPLIT = /^(data[ _-]?)?(split|set|subset|partition)$/i;
const ORDER: readonly PartName[] = ["train", "validation", "test", "unlabelled", "all"];

interface NamedImage {
  /** As the table has it. */
  readonly name: string;
  readonly file: string;
  readonly label: string | undefined;
  readonly part: PartName;
}

/** Files are looked for beside the table; rows whose file is missing, or named once more, are counted and passed over. */
export async function tableSet(path: string, options: ImageTableOptions = {}): Promise<ImageSet> {
  const passedOver = tally();
  const named = new Map<string, NamedImage>();
  let columns: Columns | undefined;
  for await (const row of delimited({ path, id: basename(path), bytes: 0 })) {
    if (row instanceof CorruptSampleError) {
      passedOver.add("rows that cannot be read", row.message);
      continue;
    }
    columns ??= columnsOf(path, row, options);
    const image = imageOf(path, row, columns);
    const before = named.get(image.file);
    if (image.name === "") passedOver.add("rows that name no file", row.id);
    else if (!(await isFile(image.file))) passedOver.add("rows whose file is missing", `${row.id} ${image.name}`);
    else if (before === undefined) named.set(image.file, image);
    else if (before.part === image.part) passedOver.add("rows that name an image once more", `${row.id} ${image.name}`);
    else throw inTwoParts(path, image, before);
  }
  if (named.size === 0) {
    const got = passedOver.list().map(({ what, count, names }) => `${counted(count, what)} (${names[0]})`);
    throw new UsageError(
      `openImages: ${path} must name images that are there, got ${got.join(", ") || "no rows"}. Files are looked for beside the table.`,
    );
  }
  const images = [...named.values()];
  const parts = ORDER.flatMap((part) => {
    const own = images.filter((image) => image.part === part);
    return own.length === 0 ? [] : [partOf(part, own)];
  });
  return {
    kind: `images named by ${basename(path)}`,
    parts,
    passedOver: passedOver.list(),
    areLabelsTold: columns?.label !== undefined,
    compare: byNumberOrName,
    columns: definedColumns(columns!),
    whyUnlabelled: columns!.whyUnlabelled,
  };
}

interface Columns {
  readonly file: string;
  readonly label: string | undefined;
  readonly split: string | undefined;
  readonly whyUnlabelled: string;
}

const definedColumns = ({ file, label, split }: Columns) => ({
  file,
  ...(label !== undefined && { label }),
  ...(split !== undefined && { part: split }),
});

function columnsOf(path: string, row: Row, { labelColumn }: ImageTableOptions): Columns {
  const files = row.columns.filter((column) => FILE.test(column));
  const ofImages = files.length === 1 ? files : row.columns.filter((column) => isImageFile(String(row.value(column))));
  if (ofImages.length === 0) {
    throw new UsageError(
      `openImages: ${path} must be or hold images: a table of them has a column of their files, called path, file or image, got ${listed(row.columns)}. Name it so.`,
    );
  }
  if (ofImages.length > 1) {
    throw new UsageError(
      `openImages: ${path} must have one column of image files, called path, file or image, got ${listed(row.columns)}. Name it so.`,
    );
  }
  if (labelColumn !== undefined && !row.columns.includes(labelColumn)) {
    throw new UsageError(
      `openImages: ${path} must have a column ${labelColumn}, got ${listed(row.columns)}. Name another: { labelColumn: … }.`,
    );
  }
  const labels = row.columns.filter((column) => LABEL.test(column));
  return {
    file: ofImages[0]!,
    label: labelColumn ?? (labels.length === 1 ? labels[0] : undefined),
    split: row.columns.find((column) => SPLIT.test(column)),
    whyUnlabelled:
      labels.length > 1
        ? `its columns ${labels.join(", ")} may be classes: choose { labelColumn: ${JSON.stringify(labels[0])} }`
        : "no column of its table is called label, class, category or target: name one, { labelColumn: … }",
  };
}

function imageOf(path: string, row: Row, { file: fileColumn, label: labelColumn, split }: Columns): NamedImage {
  const told = (column: string) => String(row.value(column) ?? "").trim();
  const name = told(fileColumn).replaceAll("\\", "/");
  const label = labelColumn === undefined || told(labelColumn) === "" ? undefined : told(labelColumn);
  const file = isAbsolute(name) ? name : join(dirname(path), name);
  if (split === undefined) return { name, file, label, part: "all" };
  const part = partNamed(told(split)) ?? partInWords(told(split));
  if (part !== undefined) return { name, file, label, part };
  throw new UsageError(
    `openImages: ${path} must name a part (train, validation, test) in its column ${split}, got ${JSON.stringify(told(split))} in ${row.id}.`,
  );
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

function partOf(name: PartName, images: readonly NamedImage[]): ImagePart {
  const at = (index: number) => images[index]!;
  return {
    name,
    files: images.length,
    length: images.length,
    id: (index) => at(index).name,
    className: (index) => at(index).label,
    source: (index) => at(index).file,
    header: (index, decoding) => readImageHeader(at(index).name, at(index).file, decoding),
    get: async (index, decoding) =>
      decodeImage(at(index).name, await readImageFile(at(index).name, at(index).file), decoding),
  };
}

/** What is learned from and tested on makes a score a lie. */
function inTwoParts(path: string, image: NamedImage, before: NamedImage): Error {
  return new UsageError(
    `openImages: ${path} must name ${image.name} in one part alone, got ${before.part} and ${image.part}. Take it out of one.`,
  );
}
