/**
 * Recordings as features of a run's encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import {
  counted,
  describeFoundData,
  type FoundData,
  grouped,
  type LabelledPart,
  labelled,
  skipping,
  UsageError,
} from "@autodidact/core";
import { flag } from "@autodidact/core/cards";
import { describeSubject, examine } from "@autodidact/evaluate";
import {
  embedSounds as embedAll,
  hasLayers,
  type LoadedSpeechEncoder,
  loadSpeechEncoder,
  logMelStatistics,
  openLabelledSounds,
  type Sound,
} from "@autodidact/speech";
import { boundsOf, readingOf } from "@autodidact/speech/cards";
import type { ExaminationOptions, Examined } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { inSpeechFlags, soundsFoundInFlags, soundsInFlags } from "./sound-words.js";

/** Which of the encoder's states are probed. */
export const layerOption = {
  allLayers: flag("of transformers: the states of all layers side by side, not of the last alone"),
};

/** Of a linear probe, which learns what each layer counts for. */
export const layerSumOption = {
  layerSum: flag("of transformers, of linear: a weighted sum of all layers, learned with the probe, as SUPERB"),
};

/** `name` is what the record calls the data; the path's last part unless told. */
export async function examineSpeech(
  folder: string,
  path: string,
  { perClass, typed = {}, name = basename(path), signal, show, print }: ExaminationOptions & { name?: string },
): Promise<Examined> {
  const loaded = await loadSpeechEncoder(folder);
  const probed = probedOf(loaded, folder, typed);
  show("reading recordings");
  const onCorrupt = skipping(print);
  const onFound = (found: FoundData) => {
    for (const text of describeFoundData(soundsFoundInFlags(found), "recordings")) print(text);
  };
  const reading = { ...loaded.decoding, ...readingOf(typed), ...boundsOf(typed), perClass, signal, onFound, onCorrupt };
  const data = await soundsInFlags(openLabelledSounds(path, reading));
  onCorrupt.conclude("recordings");
  const raw = async ({ examples, labels }: LabelledPart<Sound>, extract: ReturnType<typeof logMelStatistics>) =>
    labelled(await extract(examples, { signal }), labels, data.classes.length);
  const examined = {
    data,
    extractor: (contender: "encoder" | "randomInit") =>
      loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained(), { layer: probed.layer }),
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
  const examination = examine(examined, { modality: "speech", name, subject, settings: probed.settings, signal, show });
  return { ...examination, probe: probed.probe };
}

/** What is made of the layers, refused before minutes of reading where the encoder has none to show. */
function probedOf(
  { encoder }: LoadedSpeechEncoder,
  folder: string,
  { allLayers, layerSum }: Readonly<Record<string, unknown>>,
) {
  if (allLayers !== true && layerSum !== true) return {};
  const option = layerSum === true ? "--layer-sum" : "--all-layers";
  if (allLayers === true && layerSum === true)
    throw new UsageError("--all-layers and --layer-sum do not go together: layers side by side, or a sum of them.");
  if (!hasLayers(encoder))
    throw new UsageError(
      `${option} does not go with ${folder}, whose encoder gives one embedding a recording. Leave it out.`,
    );
  if (layerSum === true) return { layer: "all", probe: { layerSum: true } } as const;
  return { layer: "all", settings: { layer: "all layers" } } as const;
}

/** Recordings that cannot be read are named and left out. */
export async function* embedSpeech(folder: string, path: string, { typed, signal, show, print }: EmbeddingOptions) {
  const onCorrupt = skipping((text) => print(inSpeechFlags(text)));
  const onProgress = (done: number, all: number) => show(`${grouped(done)} of ${counted(all, "recordings")}`);
  yield* embedAll(folder, path, { ...readingOf(typed), ...boundsOf(typed), onCorrupt, signal, onProgress });
  onCorrupt.conclude("recordings");
}
