/**
 * Recordings before a run's encoder: as features, before labels, beside their neighbours.
 */
import { basename } from "node:path";
import { type FoundData, type LabelledPart, labelled, UsageError } from "@autodidact/core";
import { flag } from "@autodidact/core/cards";
import {
  describeSubject,
  type ExaminationOptions,
  encoderContenders,
  examine,
  type ProbedExamination,
} from "@autodidact/evaluate";
import {
  embedSounds as embedAll,
  hasLayers,
  type LoadedSpeechEncoder,
  loadSpeechEncoder,
  logMelStatistics,
  nearestSounds,
  openLabelledSounds,
  type Sound,
} from "@autodidact/speech";
import { boundsOf, readingOf } from "@autodidact/speech/cards";
import type { EmbeddingOptions, FoundNeighbours, NeighboursOptions } from "../modality.js";
import { passedOverTold, readingTold } from "../reading-told.js";
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
  { perClass, typed = {}, name = basename(path), cache, signal, show, print }: ExaminationOptions & { name?: string },
): Promise<ProbedExamination> {
  const loaded = await loadSpeechEncoder(folder);
  const probed = probedOf(loaded, folder, typed);
  show("reading recordings");
  const { onFound, onCorrupt, conclude } = readingTold("recordings", { show, print });
  const followed = { onFound: (found: FoundData) => onFound(soundsFoundInFlags(found)), onCorrupt, signal };
  const reading = { ...loaded.decoding, ...readingOf(typed), ...boundsOf(typed), perClass, ...followed };
  const data = await soundsInFlags(openLabelledSounds(path, reading));
  conclude();
  const raw = async ({ examples, labels }: LabelledPart<Sound>, extract: ReturnType<typeof logMelStatistics>) =>
    labelled(await extract(examples, { signal }), labels, data.classes.length);
  const { encoder, decoding } = loaded;
  const { encoderOf, madeOf, parameters } = encoderContenders({
    encoder,
    untrained: () => loaded.untrained(),
    preparation: { encoder: encoder.config, decoding, layer: probed.layer ?? null },
  });
  const examined = {
    data,
    extractor: (contender: "encoder" | "randomInit") => loaded.extractor(encoderOf(contender), { layer: probed.layer }),
    madeOf,
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
  const subject = describeSubject(loaded, encoder.config, folder);
  const told = {
    modality: "speech",
    name,
    subject,
    settings: probed.settings,
    parameters,
    cache,
    signal,
    show,
  } as const;
  const examination = examine(examined, told);
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
  const { onCorrupt, onProgress, conclude } = readingTold("recordings", inSpeechWords({ show, print }));
  yield* embedAll(folder, path, { ...readingOf(typed), ...boundsOf(typed), onCorrupt, signal, onProgress });
  conclude();
}

export async function speechNeighbours(
  folder: string,
  data: string,
  query: string,
  { count, typed, signal, show, print }: NeighboursOptions,
): Promise<FoundNeighbours> {
  const { conclude, ...told } = passedOverTold("recordings", inSpeechWords({ show, print }));
  const { maxSeconds } = boundsOf(typed);
  const asked = { ...readingOf(typed), maxSeconds, count, ...told, signal };
  const found = await soundsInFlags(nearestSounds(folder, data, query, asked));
  conclude();
  return { found };
}

const inSpeechWords = ({ show, print }: Pick<EmbeddingOptions, "show" | "print">) => ({
  show,
  print: (text: string) => print(inSpeechFlags(text)),
});

/** Whom a record of the folder's encoder is about. */
export async function speechSubject(folder: string) {
  const loaded = await loadSpeechEncoder(folder);
  return describeSubject(loaded, loaded.encoder.config, folder);
}
