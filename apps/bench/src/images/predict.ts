/**
 * What a fine-tuned encoder says of new images: their classes.
 */
import { readFile } from "node:fs/promises";
import { readSamples } from "@autodidact/core";
import { decodeImage, type Image, loadImageClassifier, surveyImages } from "@autodidact/vision";
import type { Session } from "../engine-options.js";
import { fineTunedIn, likeliest } from "../fine-tuned.js";
import { toldInFlags } from "../option-words.js";
import type { Given, Prediction } from "../prediction.js";
import { grouped } from "../progress.js";
import { skipping } from "../skipping.js";
import { UsageError } from "../usage-error.js";

const AT_ONCE = 64;

export async function* predictImages(folder: string, given: Given, session: Session): AsyncGenerator<Prediction, void> {
  if (given.text !== undefined || given.question !== undefined) {
    throw new UsageError(`${folder} learned from images. Ask by --image FILE or --data FOLDER.`);
  }
  const { line, signal } = session;
  const from = await fineTunedIn(folder);
  if (from !== folder) line.print(`model: ${from}`);
  const { classifier, preprocessing, predict } = await loadImageClassifier(from);
  const { size, statistics } = preprocessing;
  const decoding = { size, channels: statistics.mean.length === 1 ? (1 as const) : (3 as const) };
  const images = given.data === undefined ? named(given.image ?? [], decoding) : below(given.data, decoding, session);
  let done = 0;
  let group: Omit<Image, "label">[] = [];
  const answered = async () => {
    const shares = await predict(group);
    done += group.length;
    line.show(`${grouped(done)} images`);
    return group.map(({ id }, row) => ({ id, ...likeliest(shares[row]!, classifier.classes) }));
  };
  for await (const image of images) {
    signal.throwIfAborted();
    group.push(image);
    if (group.length < AT_ONCE) continue;
    yield* await answered();
    group = [];
  }
  if (group.length > 0) yield* await answered();
}

type Decoding = { readonly size: number; readonly channels: 1 | 3 };

async function* named(files: readonly string[], decoding: Decoding) {
  for (const file of files) {
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new UsageError(`--image ${file} cannot be read: ${cause.message}. Name an image file.`);
    });
    yield await decodeImage(file, bytes, decoding);
  }
}

/** All images that lie there, whatever their folders mean. */
async function* below(data: string, decoding: Decoding, { line, signal }: Session) {
  const survey = await toldInFlags(surveyImages(data, { layout: "classes" }));
  const skipped = skipping(line.print);
  const dataset = await survey.open({ ...decoding, part: survey.parts });
  yield* readSamples(dataset, { onCorrupt: skipped, signal });
  skipped.conclude("images");
}
