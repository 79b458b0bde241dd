/**
 * What a model of places says of new images: a mask PNG of each, or boxes.
 */
import { mkdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { assertFree, commitFile, counted, type Prediction, skipping, UsageError } from "@autodidact/core";
import {
  type DecodeOptions,
  decodeWholeImage,
  type FoundBox,
  type ImagePreprocessing,
  loadDetector,
  loadSegmenter,
  maskFile,
  readWholeImages,
  type Segmenter,
  type WholeImage,
} from "@autodidact/vision";
import type { Session } from "../engine-options.js";
import type { Given } from "../modality.js";
import { toldInFlags } from "../option-words.js";

const AT_ONCE = 32;

/** Masks are written below `--out`, which must not be there yet. */
export async function* predictMasks(folder: string, given: Given, session: Session): AsyncGenerator<Prediction, void> {
  const { out } = given;
  if (out === undefined) {
    throw new UsageError(`${folder} says the class of every pixel: name a new folder for its masks, --out FOLDER.`);
  }
  await assertFree(out, { out: "--out" });
  const { model, preprocessing, predict } = await loadSegmenter(folder);
  const taken = new Set<string>();
  for await (const images of inGroups(given, preprocessing, session)) {
    const masks = await predict(images);
    for (const [n, image] of images.entries()) {
      const mask = join(out, nameFor(given.data === undefined ? basename(image.id) : image.id, taken));
      await mkdir(dirname(mask), { recursive: true });
      await commitFile(mask, maskFile(masks[n]!, image, model));
      yield { kind: "mask", id: image.id, mask, shares: sharesOf(masks[n]!, model) };
    }
  }
}

export async function* predictBoxes(folder: string, given: Given, session: Session): AsyncGenerator<Prediction, void> {
  if (given.out !== undefined) {
    throw new UsageError(`${folder} says boxes, which --json FILE writes. --out is for masks.`);
  }
  const { model, preprocessing, predict } = await loadDetector(folder);
  for await (const images of inGroups(given, preprocessing, session)) {
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

/** As the model's own images were decoded. */
export const decodingFor = ({ size, statistics, window }: ImagePreprocessing) => ({
  size,
  channels: statistics.mean.length,
  window,
});

async function* inGroups(given: Given, preprocessing: ImagePreprocessing, session: Session) {
  const { line, signal } = session;
  const decoding = decodingFor(preprocessing);
  const onCorrupt = skipping(line.print);
  const images =
    given.data === undefined
      ? named(given.image ?? [], decoding)
      : readWholeImages(given.data, { ...decoding, onCorrupt, signal });
  let group: WholeImage[] = [];
  let done = 0;
  const told = (some: readonly WholeImage[]) => {
    done += some.length;
    line.show(counted(done, "images"));
    return some;
  };
  const each = images[Symbol.asyncIterator]();
  for (let next = await toldInFlags(each.next()); !next.done; next = await toldInFlags(each.next())) {
    signal.throwIfAborted();
    group.push(next.value);
    if (group.length < AT_ONCE) continue;
    yield told(group);
    group = [];
  }
  if (group.length > 0) yield told(group);
  onCorrupt.conclude("images");
}

async function* named(files: readonly string[], decoding: DecodeOptions) {
  for (const file of files) {
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new UsageError(`--image ${file} cannot be read: ${cause.message}. Name an image file.`);
    });
    yield await decodeWholeImage(file, bytes, decoding);
  }
}
