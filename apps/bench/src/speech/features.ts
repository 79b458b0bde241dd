/**
 * Recordings as features of a run's encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import { describeFoundData, type FoundData, grouped, type LabelledPart, labelled, skipping } from "@autodidact/core";
import { flag } from "@autodidact/core/cards";
import { describeSubject, type Examination, examine } from "@autodidact/evaluate";
import {
  embedSounds as embedAll,
  loadSpeechEncoder,
  logMelStatistics,
  openLabelledSounds,
  type Sound,
} from "@autodidact/speech";
import { boundsOf, readingOf } from "@autodidact/speech/cards";
import type { ExaminationOptions } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { inSpeechFlags, soundsInFlags } from "./sound-words.js";

/** Which of the encoder's states are probed. */
export const layerOption = {
  allLayers: flag("of frame transformers and wav2vec2: the states of all layers side by side, not of the last alone"),
};

/** `name` is what the record calls the data; the path's last part unless told. */
export async function examineSpeech(
  folder: string,
  path: string,
  { perClass, typed = {}, name = basename(path), signal, show, print }: ExaminationOptions & { name?: string },
): Promise<Examination> {
  const loaded = await loadSpeechEncoder(folder);
  show("reading recordings");
  const onCorrupt = skipping(print);
  const onFound = (found: FoundData) => {
    for (const text of describeFoundData(found, "recordings")) print(text);
  };
  const reading = { ...loaded.decoding, ...readingOf(typed), ...boundsOf(typed), perClass, signal, onFound, onCorrupt };
  const data = await soundsInFlags(openLabelledSounds(path, reading));
  onCorrupt.conclude("recordings");
  const layer = typed.allLayers === true ? ("all" as const) : undefined;
  const raw = async ({ examples, labels }: LabelledPart<Sound>, extract: ReturnType<typeof logMelStatistics>) =>
    labelled(await extract(examples, { signal }), labels, data.classes.length);
  const examined = {
    data,
    extractor: (contender: "encoder" | "randomInit") =>
      loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained(), { layer }),
    nameOf: ({ id }: Sound) => id,
    async rawFeatures() {
      const extract = logMelStatistics(loaded.decoding);
      try {
        return { train: await raw(data.train, extract), test: await raw(data.test, extract) };
      } finally {
        extract.dispose();
      }
    },
  };
  const subject = describeSubject(loaded, loaded.encoder.config, folder);
  return examine(examined, { modality: "speech", name, subject, signal, show });
}

/** Recordings that cannot be read are named and left out. */
export async function* embedSpeech(folder: string, path: string, { typed, signal, show, print }: EmbeddingOptions) {
  const onCorrupt = skipping((text) => print(inSpeechFlags(text)));
  const onProgress = (done: number, all: number) => show(`${grouped(done)} of ${grouped(all)} recordings`);
  yield* embedAll(folder, path, { ...readingOf(typed), ...boundsOf(typed), onCorrupt, signal, onProgress });
  onCorrupt.conclude("recordings");
}
