/**
 * Sets that come in binary files, recognised by the files' names: IDX of the MNIST family, CIFAR in both versions, STL-10.
 */
import { basename, join } from "node:path";
import { byNumber, type PartName, partInWords, UsageError } from "@autodidact/core";
import { cifarBinaryPart } from "./cifar-binary.js";
import { cifarPythonPart } from "./cifar-python.js";
import { idxPart } from "./idx.js";
import type { ImagePart, ImageSet } from "./image-set.js";
import { stl10Part } from "./stl10.js";

/** Files of one kind in one folder. */
export interface BinaryFiles {
  readonly kind: Kind;
  /** Below the data's path; empty: it itself. */
  readonly folder: string;
  /** Names of the files that hold images. */
  readonly names: readonly string[];
}

interface Kind {
  readonly name: string;
  /** Its files' names are other files' too: beside images they are not looked at. */
  readonly isVague?: true;
  readonly images: RegExp;
  /** Files of other things may be called the same: a file that comes with the set must be beside them. */
  readonly beside?: RegExp;
  open(folder: string, names: readonly string[], beside: readonly string[]): Promise<Omit<ImageSet, "kind">>;
}

const kinds: readonly Kind[] = [
  { name: "IDX files of images", images: /images[-.]idx3-ubyte(\.gz)?$/, open: openIdx },
  { name: "CIFAR, binary version", images: /^(data_batch_\d+|test_batch)\.bin$/, open: openCifar(cifarBinaryPart) },
  { name: "CIFAR, binary version", isVague: true, images: /^(train|test)\.bin$/, open: openCifar(cifarBinaryPart) },
  { name: "CIFAR, Python version", images: /^(data_batch_\d+|test_batch)$/, open: openCifar(cifarPythonPart) },
  {
    name: "CIFAR, Python version",
    isVague: true,
    images: /^(train|test)$/,
    beside: /^meta$/,
    open: openCifar(cifarPythonPart),
  },
  { name: "STL-10, binary version", images: /^(train|test|unlabeled)_X\.bin$/, open: openStl10 },
];

/** `paths`: files with slashes, below some folder. */
export function binarySetsAmong(paths: readonly string[]): BinaryFiles[] {
  const byFolder = new Map<string, string[]>();
  for (const path of paths) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const names = byFolder.get(folder) ?? [];
    byFolder.set(folder, names);
    names.push(basename(path));
  }
  const found: BinaryFiles[] = [];
  for (const [folder, beside] of byFolder) {
    for (const kind of kinds) {
      const names = beside.filter((name) => kind.images.test(name));
      const isSure = kind.beside === undefined || beside.some((name) => kind.beside!.test(name));
      if (names.length > 0 && isSure) found.push({ kind, folder, names });
    }
  }
  return found;
}

export async function openBinarySet(
  root: string,
  { kind, folder, names }: BinaryFiles,
  paths: readonly string[],
): Promise<ImageSet> {
  const beside = paths.filter((path) => join(folder, basename(path)) === join(path)).map((path) => basename(path));
  return { kind: kind.name, ...(await kind.open(join(root, folder), names, beside)) };
}

/** Every part once: `train-images-idx3-ubyte` and the same as `.gz` beside it are one. */
async function openIdx(folder: string, names: readonly string[], beside: readonly string[]) {
  const plain = names.filter((name) => !name.endsWith(".gz") || !names.includes(name.slice(0, -3)));
  const parts: ImagePart[] = [];
  for (const [name, [images, ...more]] of byPart(plain)) {
    if (more.length > 0) {
      throw new UsageError(
        `openImages: ${folder} holds several sets: ${plain.join(", ")}. Name one file, or put the files of one set in a folder of their own.`,
      );
    }
    const labels =
      beside.find((other) => other === labelsOf(images!)) ??
      beside.find((other) => other === `${labelsOf(images!)}.gz`);
    parts.push(await idxPart(name, join(folder, images!), labels && join(folder, labels)));
  }
  const twice = names.filter((name) => !plain.includes(name));
  const passedOver =
    twice.length === 0 ? [] : [{ what: "files that lie there unpacked too", count: twice.length, names: twice }];
  return { parts, areLabelsTold: true, compare: byNumber, passedOver };
}

function labelsOf(images: string): string {
  return images.replace(/\.gz$/, "").replace(/images([-.])idx3-ubyte$/, "labels$1idx1-ubyte");
}

function openCifar(open: typeof cifarBinaryPart) {
  return async (folder: string, names: readonly string[]) => {
    const parts: ImagePart[] = [];
    let classes: readonly string[] = [];
    for (const [name, files] of byPart(names)) {
      const read = await open(
        name,
        files.map((file) => join(folder, file)),
      );
      parts.push(read.part);
      classes = read.classes;
    }
    return { parts, classes, passedOver: [] };
  };
}

async function openStl10(folder: string, names: readonly string[]) {
  const parts: ImagePart[] = [];
  for (const [part, files] of byPart(names)) parts.push(await stl10Part(part, join(folder, files[0]!)));
  return { parts, areLabelsTold: true, passedOver: [] };
}

/** Training first; files that name no part are all there is. */
function byPart(names: readonly string[]): [PartName, string[]][] {
  const parts = new Map<PartName, string[]>();
  for (const name of names) {
    const part = name.startsWith("data_batch_") ? "train" : (partInWords(name) ?? "all");
    parts.set(part, [...(parts.get(part) ?? []), name]);
  }
  const order: readonly PartName[] = ["all", "train", "validation", "test", "unlabelled"];
  return [...parts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}
