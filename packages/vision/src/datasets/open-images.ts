/**
 * Opens whatever images lie at a path, or says all that it looked for.
 */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cifarBinary } from "./cifar-binary.js";
import { isImageFile } from "./decode-image.js";
import { idx } from "./idx.js";
import { byCodePoint, type ImageDataset, type ImageOptions, type Split, splitNamed } from "./image-dataset.js";
import { imageFolder } from "./image-folder.js";
import { tarShards } from "./tar-shards.js";

/** What is recognised by the names of its files. */
const idxImages = /images[-.]idx3-ubyte(\.gz)?$/;
const cifarBatch = /^(data_batch_\d+|test_batch|train|test)\.bin$/;
const archive = /\.tar$/;

/**
 * A folder of image files, tar archives, IDX files of the MNIST family, or binary batches of CIFAR; a folder that holds them, or one such
 * file. Where a set comes in parts, `split` chooses one.
 */
export async function openImages(path: string, options: ImageOptions = {}): Promise<ImageDataset> {
  const { split, ...form } = options;
  const isFolder = (await statOf(path)).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const beside = await readdir(folder, { withFileTypes: true });
  const names = isFolder ? beside.map(({ name }) => name).sort(byCodePoint) : [basename(path)];
  const those = (pattern: RegExp) => names.filter((name) => pattern.test(name));

  if (those(idxImages).length > 0) {
    const [images, ...more] = choose(path, those(idxImages), split);
    if (more.length > 0)
      throw new Error(`openImages: ${path} holds several sets: ${images}, ${more.join(", ")}. Name one file.`);
    const labels = beside.find(({ name }) => name.replace(/\.gz$/, "") === labelsOf(images!));
    return idx(join(folder, images!), { ...form, labels: labels && join(folder, labels.name) });
  }
  if (those(cifarBatch).length > 0) {
    const batches = choose(path, those(cifarBatch), split);
    return cifarBinary(
      batches.map((name) => join(folder, name)),
      form,
    );
  }
  if (those(archive).length > 0) {
    const isNamedByPart = those(archive).some(partIn); // else the parts are folders inside
    const archives = isNamedByPart ? choose(path, those(archive), split) : those(archive);
    return tarShards(
      archives.map((name) => join(folder, name)),
      isNamedByPart ? form : options,
    );
  }
  if (isFolder && beside.some((entry) => !entry.isFile() || isImageFile(entry.name))) return imageFolder(path, options);
  throw new Error(
    `openImages: ${path} must be or hold one of: image files (.jpg, .jpeg, .png, .webp) or folders of them; .tar archives; ` +
      `*-images-idx3-ubyte or .gz (MNIST family); data_batch_*.bin, test_batch.bin, train.bin, test.bin (CIFAR). ` +
      `Got ${names.slice(0, 5).join(", ") || "an empty folder"}${names.length > 5 ? ", …" : ""}.`,
  );
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new Error(`openImages: ${path} cannot be opened: ${(error as Error).message}.`, { cause: error });
  }
}

/** The files of one part. */
function choose(path: string, names: readonly string[], split: Split | undefined): readonly string[] {
  const parts = [...new Set(names.map(partIn))];
  if (split === undefined) {
    if (parts.length === 1) return names;
    throw new Error(`openImages: ${path} holds several parts: ${names.join(", ")}. Choose train or test with split.`);
  }
  const chosen = names.filter((name) => partIn(name) === split);
  if (chosen.length === 0) throw new Error(`openImages: ${path} must hold a ${split} part, got ${names.join(", ")}.`);
  return chosen;
}

/** `cifar10-train.tar`, `t10k-images-idx3-ubyte`, `data_batch_1.bin` */
function partIn(name: string): Split | undefined {
  if (name.startsWith("data_batch_")) return "train";
  return name
    .split(/[-_.]/)
    .map((word) => (word === "t10k" ? "test" : splitNamed(word)))
    .find((part) => part !== undefined);
}

function labelsOf(images: string): string {
  return images.replace(/\.gz$/, "").replace(/images([-.])idx3-ubyte$/, "labels$1idx1-ubyte");
}
