/**
 * What a model of places says of new images: a mask PNG of each, or boxes.
 */
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { assertFree, commitFile, type Prediction, UsageError } from "@autodidact/core";
import { decodeWholeImage, readWholeImages, type WholeImage } from "../datasets/whole-image.js";
import type { FoundBox } from "../detection/decode-centres.js";
import { loadDetector } from "../detection/detector.js";
import type { ImagePreprocessing } from "../encoders/image-encoder-files.js";
import { maskFile } from "../segmentation/mask-file.js";
import { loadSegmenter, type Segmenter } from "../segmentation/segmenter.js";
import { type AskedImages, decodingFor, namedImages, type PredictImagesOptions } from "./asked-images.js";

const AT_ONCE = 32;

/** Masks are written below `out`, which must not be there yet. */
export async function* predictMasks(
  folder: string,
  asked: AskedImages,
  options: PredictImagesOptions = {},
): AsyncGenerator<Prediction, void> {
  const { out } = asked;
  if (out === undefined) {
    throw new UsageError(`${folder} says the class of every pixel: name a new folder for its masks, \`out\` FOLDER.`);
  }
  await assertFree(out, { out: "`out`" });
  const { model, preprocessing, predict } = await loadSegmenter(folder);
  const taken = new Set<string>();
  for await (const images of inGroups(asked, preprocessing, options)) {
    const masks = await predict(images);
    for (const [n, image] of images.entries()) {
      const mask = join(out, nameFor(asked.data === undefined ? basename(image.id) : image.id, taken));
      await mkdir(dirname(mask), { recursive: true });
      await commitFile(mask, maskFile(masks[n]!, image, model));
      yield { kind: "mask", id: image.id, mask, shares: sharesOf(masks[n]!, model) };
    }
  }
}

export async function* predictBoxes(
  folder: string,
  asked: AskedImages,
  options: PredictImagesOptions = {},
): AsyncGenerator<Prediction, void> {
  if (asked.out !== undefined) {
    throw new UsageError(`${folder} says boxes, of which no files are made. \`out\` is for masks.`);
  }
  const { model, preprocessing, predict } = await loadDetector(folder);
  for await (const images of inGroups(asked, preprocessing, options)) {
    const found = await predict(images);
    for (const [n, { id }] of images.entries()) {
      yield { kind: "boxes", id, boxes: found[n]!.map((box) => namedBox(box, model.classes)) };
    }
  }
}

const namedBox = ({ box, label, score }: FoundBox, classes: readonly string[]) => ({
  class: classes[label]!,
  score,
  box,
});

function sharesOf(mask: Uint8Array, { classes }: Segmenter) {
  const counts = classes.map((name, label) => ({
    class: name,
    share: mask.filter((one) => one === label).length / mask.length,
  }));
  return counts.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
}

/** `a.jpg` has `a.png`; an `a.png` after it `a.png.png`; others of these names, of other folders, `a-2.png` and so on. */
export function nameFor(id: string, taken: Set<string>): string {
  const stem = id.replace(/\.[^./]+$/, "");
  const isFree = (name: string) => !taken.has(name.toLowerCase()); // not all disks tell A from a
  let name = [`${stem}.png`, `${id}.png`].find(isFree);
  for (let count = 2; name === undefined; count += 1) name = [`${stem}-${count}.png`].find(isFree);
  taken.add(name.toLowerCase());
  return name;
}

async function* inGroups(
  { image = [], data }: AskedImages,
  preprocessing: ImagePreprocessing,
  { onCorrupt, onProgress, signal }: PredictImagesOptions,
): AsyncGenerator<readonly WholeImage[], void> {
  const decoding = decodingFor(preprocessing);
  const images =
    data === undefined
      ? namedImages(image, decodeWholeImage, decoding)
      : readWholeImages(data, { ...decoding, onCorrupt, signal });
  let group: WholeImage[] = [];
  let done = 0;
  const told = (some: readonly WholeImage[]) => {
    done += some.length;
    onProgress?.(done);
    return some;
  };
  for await (const one of images) {
    signal?.throwIfAborted();
    group.push(one);
    if (group.length < AT_ONCE) continue;
    yield told(group);
    group = [];
  }
  if (group.length > 0) yield told(group);
}
