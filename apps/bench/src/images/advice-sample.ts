/**
 * Images on which pilots are measured.
 */
import { describeFoundData, type LabelledPart, labelled, UsageError } from "@autodidact/core";
import { defined } from "@autodidact/core/cards";
import { denseReader, RAW_NAMES } from "@autodidact/evaluate";
import { type Image, loadImageEncoder, rawPixels, surveyImages } from "@autodidact/vision";
import type { ImageSettings } from "@autodidact/vision/cards";
import { type AdvicePart, type AdviceSample, type SampleAsked, sampleOf } from "../advice/advice-sample.js";
import { toldInFlags } from "../option-words.js";
import { imageReading, readingOf } from "./features.js";

export const imageAdvice: AdvicePart<ImageSettings> = { reading: imageReading, openSample };

async function openSample({ data }: ImageSettings, asked: SampleAsked): Promise<AdviceSample> {
  const { size, channels, window, frame, maxPixels } = data;
  const decoding = { size, channels, ...defined({ window, frame, maxPixels }) };
  const { layout, labelColumn } = readingOf(asked.typed);
  asked.show("reading images");
  const survey = await toldInFlags(surveyImages(asked.labels ?? asked.data, { layout, labelColumn }));
  if (asked.labels !== undefined) for (const text of describeFoundData(survey.found, "images")) asked.print(text);
  const taken = await sampleOf<Image>(survey, (part) => survey.open({ ...decoding, part }), {
    ...asked,
    noun: "images",
  });
  return {
    examples: taken.examples.length,
    labels: taken.labels,
    raw: RAW_NAMES.image,
    rawReader: async () =>
      denseReader(labelled(rawPixels(taken.examples), taken.labels!.labels, taken.labels!.classes)),
    features: (folder, contender, signal) => featuresOf(taken.examples, { folder, contender, signal, size, channels }),
  };
}

interface Asked {
  readonly folder: string;
  readonly contender: "encoder" | "randomInit";
  readonly signal: AbortSignal;
  readonly size: number;
  readonly channels: number;
}

async function featuresOf(examples: LabelledPart<Image>["examples"], { folder, contender, signal, ...own }: Asked) {
  const { encoder, decoding, untrained, extractor } = await loadImageEncoder(folder);
  if (decoding.size !== own.size || decoding.channels !== own.channels) {
    throw new UsageError(
      `images of ${decoding.size} × ${decoding.size} × ${decoding.channels} are looked at by this method, others have ${own.size} × ${own.size} × ${own.channels}: tell all the same --image-size and --channels.`,
    );
  }
  const asked = contender === "encoder" ? encoder : untrained();
  const extract = extractor(asked, { batchSize: 64 });
  try {
    return await extract(examples, { signal });
  } finally {
    extract.dispose();
    for (const one of new Set([encoder, asked]))
      for (const variable of Object.values({ ...one.parameters, ...one.buffers })) variable.dispose();
  }
}
