/**
 * A folder of image files: one sub-folder a class, or any files at all, unlabelled.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { assertReadable, beginningOf, decodeHeader, decodeImage, isImageFile } from "./decode-image.js";
import {
  assertWithin,
  byCodePoint,
  type ImageDataset,
  type ImageOptions,
  labelled,
  splitNamed,
} from "./image-dataset.js";

/**
 * The images below `root` in the order of their paths. Where all lie in sub-folders, each sub-folder of `root` is a class.
 * Hidden files are left out.
 */
export async function imageFolder(root: string, options: ImageOptions = {}): Promise<ImageDataset> {
  const { split, ...decoding } = options;
  const folder = await partOf(root, split);
  const paths = await imagesBelow(folder);
  if (paths.length === 0) throw new Error(`imageFolder: no JPEG, PNG or WebP file below ${folder}.`);
  const { classes, label } = labelled(paths.map((path) => (path.includes("/") ? path.split("/")[0] : undefined)));

  return {
    length: paths.length,
    classes,
    label,
    id: (index) => paths[index]!,
    async header(index) {
      assertWithin("imageFolder", index, paths.length);
      const [id, path] = [paths[index]!, join(folder, paths[index]!)];
      return decodeHeader(id, path, { ...decoding, beginning: await beginningOf(path) });
    },
    async get(index) {
      assertWithin("imageFolder", index, paths.length);
      const id = paths[index]!;
      const path = join(folder, id);
      assertReadable(id, (await stat(path)).size);
      return { ...(await decodeImage(id, await readFile(path), decoding)), label: label(index) };
    },
  };
}

async function partOf(root: string, split: ImageOptions["split"]): Promise<string> {
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).sort(byCodePoint);
  if (split !== undefined) {
    const part = names.find((name) => splitNamed(name) === split);
    if (part !== undefined) return join(root, part);
    throw new Error(`imageFolder: ${root} must hold a folder named ${split}, got ${names.join(", ") || "no folder"}.`);
  }
  if (names.length > 0 && names.every(splitNamed)) {
    throw new Error(`imageFolder: ${root} holds the parts ${names.join(", ")}. Choose one with split.`);
  }
  return root;
}

/** Paths relative to `folder`, with slashes. Links are followed to files and folders alike. */
async function imagesBelow(folder: string, below = "", depth = 0): Promise<string[]> {
  if (depth > 32)
    throw new Error(
      `imageFolder: ${join(folder, below)} is more than 32 folders deep. Is there a link to a folder above?`,
    );
  const paths: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    const target = entry.isSymbolicLink() ? await stat(join(folder, path)) : entry;
    if (target.isDirectory()) paths.push(...(await imagesBelow(folder, path, depth + 1)));
    else if (target.isFile() && isImageFile(entry.name)) paths.push(path);
  }
  return below === "" ? paths.sort(byCodePoint) : paths;
}
