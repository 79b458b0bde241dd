/**
 * What images lie at a path: their kind, parts, classes, and what is passed over. Nothing is decoded.
 */
import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import {
  counted,
  endingOf,
  type FoundData,
  foundIn,
  isArchive,
  type Layout,
  labelsOf,
  type PartName,
  type PassedOver,
  partsOf,
  statOf,
  tally,
  UsageError,
} from "@autodidact/core";
import { archiveSet } from "./archive-set.js";
import { type BinaryFiles, binarySetsAmong, openBinarySet } from "./binary-sets.js";
import { type DecodeOptions, isImageFile } from "./decode-image.js";
import { folderSet } from "./folder-set.js";
import type { ImageDataset } from "./image-dataset.js";
import { readableFormats, whyNotRead } from "./image-formats.js";
import { datasetOf, type ImageSet } from "./image-set.js";
import { isImageTable, tableSet } from "./table-set.js";
import { type ImageTree, isDicomFile, walkImages } from "./walk-images.js";

export interface SurveyOptions {
  /** How folders are taken where their names leave it open; without it such data is refused. */
  readonly layout?: Layout | undefined;
  /** All images whatever their folders mean, where no classes and parts are wanted; masks beside images are left out. */
  readonly isWhole?: boolean | undefined;
  /** Of a table of images: its column of classes, where its name does not tell. */
  readonly labelColumn?: string | undefined;
}

/** What becomes of folders. */
interface Folders {
  readonly layout: Layout | undefined;
  readonly areMasksLeftOut?: boolean | undefined;
  readonly labelColumn?: string | undefined;
}

export interface PartOptions extends DecodeOptions {
  /** Which part; several are taken one after the other. It may be left out where there is one alone. */
  part?: PartName | readonly PartName[] | undefined;
}

export interface ImageSurvey {
  readonly found: FoundData;
  /** In their order: train, validation, test, unlabelled; or all. */
  readonly parts: readonly PartName[];
  /** Parts of which every image has a class. */
  readonly labelled: readonly PartName[];
  /** How many of the classes are the training part's; those that follow are in other parts alone. */
  readonly learnableClasses: number;
  /** Why there are no labels: "they lie in no folders of classes". */
  readonly whyUnlabelled: string;
  open(options?: PartOptions): Promise<ImageDataset>;
}

/**
 * A folder of image files, tar archives, IDX files of the MNIST family, binary files of CIFAR or STL-10; a folder that holds them, however deep, or
 * one such file; or a table, .csv or .tsv, that names image files.
 */
export async function surveyImages(
  path: string,
  { layout, isWhole, labelColumn }: SurveyOptions = {},
): Promise<ImageSurvey> {
  const isFolder = (await statOf("openImages", path)).isDirectory();
  const folders: Folders = isWhole ? { layout: "classes", areMasksLeftOut: true } : { layout, labelColumn };
  const set = isFolder ? await setBelow(path, folders) : await setIn(path, folders);
  const labels = labelsOf(set);
  const found = foundIn(set, labels);
  const parts = set.parts.map(({ name }) => name);
  return {
    found,
    parts,
    labelled: labels.classes.length > 0 ? parts.filter((part) => labels.labelled.has(part)) : [],
    learnableClasses: labels.learnable,
    whyUnlabelled: labels.reason,
    open({ part, ...decoding } = {}) {
      return datasetOf(partsOf({ who: "openImages", where: path }, set.parts, part), labels, decoding);
    },
  };
}

/** One file. Its name tells nothing: who names it means all that is in it. */
async function setIn(path: string, folders: Folders): Promise<ImageSet> {
  const [folder, name] = [dirname(path), basename(path)];
  if (isImageFile(name) || isDicomFile(path)) return folderSet(folder, [name]);
  if (isImageTable(name)) return tableSet(path, folders);
  if (isArchive(name)) return archiveSet(folder, [name], { ...folders, where: path, areNamesRead: false });
  const tree = await readdir(folder);
  const sets = binarySetsAmong([name, ...tree.filter((other) => /^meta$/.test(other))]);
  if (sets.length === 0) throw nothingAt(path, [name]);
  return openBinarySet(folder, sets[0]!, tree);
}

async function setBelow(root: string, folders: Folders): Promise<ImageSet> {
  const tree = await walkImages(root);
  const { images, archives, binaries } = tree;
  const binary = binaryOf(root, tree);
  const isInFolders = images.some((path) => path.includes("/"));
  if (binary !== undefined) {
    const strange = binaries.filter((path) => (dirname(path) === "." ? "" : dirname(path)) !== binary.folder);
    return withBeside(await openBinarySet(root, binary, binaries), tree, { images, archives, binaries: strange });
  }
  if (archives.length > 0 && !isInFolders)
    return withBeside(await archiveSet(root, archives, { ...folders, where: root, areNamesRead: true }), tree, {
      images,
      binaries,
    });
  if (images.length > 0) return withBeside(folderSet(root, images, folders), tree, { archives, binaries });
  const got = [...tree.passedOver, ...passedOver({ binaries })];
  throw nothingAt(
    root,
    got.map(({ count, what, names }) => `${counted(count, what)} (${names[0]})`),
  );
}

function withBeside(set: ImageSet, tree: ImageTree, beside: Beside): ImageSet {
  return { ...set, passedOver: [...set.passedOver, ...passedOver(beside), ...tree.passedOver] };
}

type Beside = Readonly<Partial<Record<"images" | "archives" | "binaries", readonly string[]>>>;

function passedOver({ images = [], archives = [], binaries = [] }: Beside): PassedOver[] {
  const beside = tally();
  for (const path of images) beside.add("images beside what is read", path);
  for (const path of archives) beside.add("archives beside what is read", path);
  for (const path of binaries) beside.add(endingOf(path), path);
  return beside.list();
}

/** A few pictures beside binary files are previews; more of them are a set of their own. */
const MOST_PREVIEWS = 10;

function binaryOf(root: string, { images, binaries }: ImageTree): BinaryFiles | undefined {
  const sets = binarySetsAmong(binaries);
  const found = sets.filter(({ kind }) => images.length <= MOST_PREVIEWS || !kind.isVague);
  const several = [
    ...found.map(({ folder, kind }) => `${kind.name} in ${folder || "."}`),
    ...(found.length > 0 && images.length > MOST_PREVIEWS ? [`${images.length} images (${images[0]}, …)`] : []),
  ];
  if (several.length <= 1) return found[0];
  throw new UsageError(`openImages: ${root} holds several sets: ${several.join("; ")}. Name the folder of one.`);
}

function nothingAt(path: string, got: readonly string[]): Error {
  const why = got.map((name) => whyNotRead(name.replace(/^.*\((.*)\)$/, "$1"))).find((reason) => reason !== undefined);
  return new UsageError(
    `openImages: ${path} must be or hold one of: image files (${readableFormats}) or folders of them; .tar, .tar.gz or .tgz archives; ` +
      "*-images-idx3-ubyte or .gz (MNIST family); data_batch_*.bin, test_batch.bin, train.bin, test.bin or data_batch_*, test_batch, train, test (CIFAR); " +
      `train_X.bin, test_X.bin, unlabeled_X.bin (STL-10). Got ${got.slice(0, 5).join(", ") || "an empty folder"}${got.length > 5 ? ", …" : ""}.${why === undefined ? "" : ` ${why}.`}`,
  );
}
