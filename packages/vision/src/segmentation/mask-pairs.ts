/**
 * Which mask belongs to which image, by their paths alone.
 *
 *     images/1.jpg, masks/1.png     train/images/1.jpg, train/masks/1.png     1.jpg, 1_mask.png     1.jpg, 1.png
 */
import { type PassedOver, UsageError } from "@autodidact/core";
import { IMAGES, MASK_ENDING, MASKS } from "../datasets/mask-folders.js";

export interface MaskPair {
  readonly image: string;
  readonly mask: string;
}

export interface MaskPairs {
  readonly pairs: readonly MaskPair[];
  /** "a folder of images beside one of masks" */
  readonly kind: string;
  readonly passedOver: readonly PassedOver[];
}

/** `masks` names the folder that masks lie in, where there are several. */
export function maskPairs(
  paths: readonly string[],
  { who, root, masks }: { who: string; root: string; masks?: string | undefined },
): MaskPairs {
  const folders = inFolders(paths, masks);
  const { images, answers, kind } =
    folders.answers.length > 0 || masks !== undefined ? folders : besideEachOther(paths);
  const imageOf = byKey(images, (one, other) => {
    throw new UsageError(
      `${who}: a mask must belong to one image, and ${one} and ${other} share a name in ${root}. Rename one.`,
    );
  });
  const maskOf = byKey(answers, (one, other) => {
    throw new UsageError(
      `${who}: an image must have one mask, and ${one} and ${other} are of the same in ${root}. Choose the folder: { masks: ${JSON.stringify(folderOf(one))} }.`,
    );
  });
  const keys = [...imageOf.keys()];
  const pairs = keys.flatMap((key) => {
    const mask = maskOf.get(key);
    return mask === undefined ? [] : [{ image: imageOf.get(key)!, mask }];
  });
  const without = keys.filter((key) => !maskOf.has(key)).map((key) => imageOf.get(key)!);
  const lonely = [...maskOf.keys()].filter((key) => !imageOf.has(key)).map((key) => maskOf.get(key)!);
  return {
    pairs,
    kind,
    passedOver: [...passed("images without a mask", without), ...passed("masks without an image", lonely)],
  };
}

/** A path, and what it shares with its partner. */
interface Keyed {
  readonly path: string;
  readonly key: string;
}

interface Sorted {
  readonly images: readonly Keyed[];
  readonly answers: readonly Keyed[];
  readonly kind: string;
}

function inFolders(paths: readonly string[], masks: string | undefined): Sorted {
  const images: Keyed[] = [];
  const answers: Keyed[] = [];
  const isMasks = (folder: string) => (masks === undefined ? MASKS.test(folder) : folder === masks);
  const hasImages = paths.some((path) =>
    path
      .split("/")
      .slice(0, -1)
      .some((folder) => IMAGES.test(folder)),
  );
  for (const path of paths) {
    const folders = path.split("/");
    const name = folders.pop()!;
    const place = folders.findIndex(isMasks);
    const others = (is: (folder: string) => boolean) => folders.filter((folder) => !is(folder));
    if (place >= 0) answers.push({ path, key: [...others(isMasks), stemOf(name).replace(MASK_ENDING, "")].join("/") });
    else if (
      !folders.some((folder) => MASKS.test(folder)) &&
      (!hasImages || folders.some((folder) => IMAGES.test(folder)))
    )
      images.push({ path, key: [...others((folder) => IMAGES.test(folder)), stemOf(name)].join("/") });
  }
  return {
    images,
    answers: images.length === 0 ? [] : answers,
    kind: "images and their masks, in folders of their own",
  };
}

/** `1.jpg` beside `1_mask.png`, or beside `1.png`. */
function besideEachOther(paths: readonly string[]): Sorted {
  const photos = new Set(paths.filter((path) => !isPng(path)).map(stemOf));
  const isMask = (path: string) => isPng(path) && (MASK_ENDING.test(stemOf(path)) || photos.has(stemOf(path)));
  const keyed = (path: string) => ({ path, key: stemOf(path) });
  return {
    images: paths.filter((path) => !isMask(path)).map(keyed),
    answers: paths.filter(isMask).map((path) => ({ path, key: stemOf(path).replace(MASK_ENDING, "") })),
    kind: "images, their masks beside them",
  };
}

function byKey(all: readonly Keyed[], refuse: (one: string, other: string) => never): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path, key } of all) {
    const other = found.get(key);
    if (other !== undefined) refuse(other, path);
    found.set(key, path);
  }
  return found;
}

function passed(what: string, names: readonly string[]): PassedOver[] {
  return names.length === 0 ? [] : [{ what, count: names.length, names: names.slice(0, 5) }];
}

const isPng = (path: string) => /\.png$/i.test(path);
/** Without its ending. */
const stemOf = (path: string) => path.replace(/\.[^./]+$/, "");
/** The folder that a file lies in. */
const folderOf = (path: string) => path.split("/").at(-2) ?? path;
