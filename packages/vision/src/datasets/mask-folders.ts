/**
 * Pictures that are answers, not images: masks of a segmentation set, in a folder beside that of the images, or each beside its own.
 *
 *     images/1.png, masks/1.png        train/images/1.png, train/labels/1.png        JPEGImages/1.jpg, SegmentationClass/1.png        1.jpg, 1_mask.png
 */
export const IMAGES = /^(images?|imgs?|jpegimages|leftimg8bit|photos)$/i;
export const MASKS =
  /^(masks?|labels?|annotations?|trimaps?|segmentations?|segmentation(class|object|classaug)|ground_?truth|gt(fine|coarse)?)$/i;

/** Places of paths that lie in a folder of masks beside a folder of images, or are called a mask of an image beside them. */
export function maskRows(paths: readonly string[]): ReadonlySet<number> {
  return new Set([...rowsInFolders(paths), ...rowsBesideTheirs(paths)]);
}

/** The end of a mask's name, `1_mask`; without it stands the name of its image. */
export const MASK_ENDING = /[-_](mask|seg|segmentation|labels?|gt)$/i;

function rowsBesideTheirs(paths: readonly string[]): number[] {
  const stems = paths.map((path) => path.replace(/\.[^./]*$/, ""));
  const all = new Set(stems);
  const isMask = (row: number) =>
    /\.png$/i.test(paths[row]!) && MASK_ENDING.test(stems[row]!) && all.has(stems[row]!.replace(MASK_ENDING, ""));
  return [...paths.keys()].filter(isMask);
}

function rowsInFolders(paths: readonly string[]): number[] {
  const imageFolders = new Set<string>(); // the folders that hold a folder of images
  const masks: { row: number; beside: string }[] = [];
  for (const [row, path] of paths.entries()) {
    for (let start = 0, end = path.indexOf("/"); end >= 0; start = end + 1, end = path.indexOf("/", start)) {
      const name = path.slice(start, end);
      if (IMAGES.test(name)) imageFolders.add(path.slice(0, start));
      else if (MASKS.test(name)) masks.push({ row, beside: path.slice(0, start) });
    }
  }
  return masks.filter(({ beside }) => imageFolders.has(beside)).map(({ row }) => row);
}
