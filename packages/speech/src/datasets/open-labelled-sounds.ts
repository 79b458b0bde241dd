/**
 * Labelled recordings for protocols: a part to learn heads from, and a part to test them on, whole in memory.
 */
import { type LabelledData, type OpenLabelledOptions, openLabelledParts, type PartName } from "@autodidact/core";
import type { Sound } from "../sound.js";
import type { DecodeOptions } from "./sound-set.js";
import { type SurveySoundsOptions, surveySounds } from "./survey-sounds.js";

export interface LabelledSoundsOptions
  extends Pick<DecodeOptions, "maxSeconds">,
    OpenLabelledOptions,
    Omit<SurveySoundsOptions, "onlyLabelled"> {
  /** All recordings are brought to this rate (Hz). */
  sampleRate: number;
}

/**
 * Whatever `surveySounds` finds, in a train and a test part: the test part is the one of that name, else the validation part, else a fifth of each
 * class of the training part. `found` says which; `groups` are the speakers, where they are known. What tells the class is refused, with the choice, where the layout leaves it open.
 */
export async function openLabelledSounds(path: string, options: LabelledSoundsOptions): Promise<LabelledData<Sound>> {
  const { sampleRate, maxSeconds, perClass, maxCorrupt, onFound, onCorrupt, signal, ...asked } = options;
  const survey = await surveySounds(path, { ...asked, onlyLabelled: true });
  const open = async (part: PartName) => survey.open({ part, sampleRate, maxSeconds, cacheBytes: 0 });
  const question = { who: "openLabelledSounds", path, noun: "recordings", advice: ADVICE, groupOf, contentOf };
  return openLabelledParts(question, { ...survey, open }, { perClass, maxCorrupt, onFound, onCorrupt, signal });
}

const groupOf = ({ speaker }: Sound) => speaker;

const ADVICE =
  'Labels are told by { labelFrom: "folder" }, by a pattern of the names, { pattern: "{word}_{speaker}_{index}.wav" }, or by a table with a column of classes.';

function* contentOf({ id, label, samples, sampleRate }: Sound): Generator<string | Uint8Array> {
  yield JSON.stringify([id, label, sampleRate]);
  yield new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
