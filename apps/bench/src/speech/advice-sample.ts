/**
 * Recordings on which pilots are measured.
 */
import { describeFoundData, labelled } from "@autodidact/core";
import { denseReader, RAW_NAMES } from "@autodidact/evaluate";
import { loadSpeechEncoder, logMelStatistics, type Sound, surveySounds } from "@autodidact/speech";
import { boundsOf, labelledReading, readingOf, type SpeechSettings } from "@autodidact/speech/cards";
import { type AdvicePart, type AdviceSample, type SampleAsked, sampleOf } from "../advice/advice-sample.js";
import { soundsFoundInFlags, soundsInFlags } from "./sound-words.js";

export const speechAdvice: AdvicePart<SpeechSettings> = { reading: labelledReading, openSample };

async function openSample({ data: { sampleRate } }: SpeechSettings, asked: SampleAsked): Promise<AdviceSample> {
  const { labels: path = asked.data, typed, print, show } = asked;
  show("reading recordings");
  const survey = await soundsInFlags(surveySounds(path, { ...readingOf(typed), onlyLabelled: true }));
  if (asked.labels !== undefined)
    for (const text of describeFoundData(soundsFoundInFlags(survey.found), "recordings")) print(text);
  const { maxSeconds } = boundsOf(typed);
  const { examples, labels } = await sampleOf<Sound>(
    survey,
    (part) => survey.open({ part, sampleRate, maxSeconds, cacheBytes: 0 }),
    { ...asked, noun: "recordings" },
  );
  return {
    examples: examples.length,
    labels,
    raw: RAW_NAMES.speech,
    async rawReader() {
      const extract = logMelStatistics({ sampleRate });
      try {
        return denseReader(labelled(await extract(examples, asked), labels!.labels, labels!.classes));
      } finally {
        extract.dispose();
      }
    },
    features: (folder, contender, signal) => featuresOf(examples, folder, contender, signal),
  };
}

async function featuresOf(
  examples: readonly Sound[],
  folder: string,
  contender: "encoder" | "randomInit",
  signal: AbortSignal,
) {
  const { encoder, untrained, extractor } = await loadSpeechEncoder(folder);
  const asked = contender === "encoder" ? encoder : untrained();
  const extract = extractor(asked);
  try {
    return await extract(examples, { signal });
  } finally {
    extract.dispose();
    for (const one of new Set([encoder, asked]))
      for (const variable of Object.values({ ...one.parameters, ...one.buffers })) variable.dispose();
  }
}
