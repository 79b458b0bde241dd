/**
 * Speech Commands (Warden 2018, arXiv 1804.03209): WORD/HASH_nohash_N.wav, the hash for who speaks; validation_list.txt and testing_list.txt
 * name what is held out.
 */
import { counted, type PartName, tally } from "@autodidact/core";
import { baseName, folderOf } from "./sound-formats.js";
import type { SoundSource } from "./sound-source.js";
import type { ToldSound, ToldSounds } from "./told-sounds.js";

const COMMAND = /(?:^|\/)([^/]+)\/([0-9a-f]+)_nohash_\d+\.[^./]+$/i;
const NOISE = /(?:^|\/)_background_noise_\//;
const LISTS: Readonly<Record<string, PartName>> = { "validation_list.txt": "validation", "testing_list.txt": "test" };

export function isSpeechCommands({ places, texts }: SoundSource): boolean {
  const named = places.filter((path) => COMMAND.test(path)).length;
  return texts.some((path) => baseName(path) in LISTS) && 2 * named > places.length;
}

export async function speechCommands(source: SoundSource): Promise<ToldSounds> {
  const tellers = source.texts.filter((path) => baseName(path) in LISTS);
  const heldOut = new Map<string, PartName>();
  for (const teller of tellers) {
    for (const line of (await source.text(teller)).split(/\r?\n/)) {
      if (line.trim() !== "") heldOut.set(folderOf(teller) + line.trim(), LISTS[baseName(teller)]!);
    }
  }
  const passedOver = tally();
  const sounds: ToldSound[] = [];
  for (const [row, place] of source.places.entries()) {
    const [, word, speaker] = COMMAND.exec(place) ?? [];
    if (NOISE.test(place)) passedOver.add("recordings of background noise", source.ids[row]!);
    else if (word === undefined) passedOver.add("recordings that are not named as Speech Commands'", source.ids[row]!);
    else sounds.push({ row, part: heldOut.get(place) ?? "train", fields: { word, speaker: speaker! } });
    heldOut.delete(place);
  }
  const missing = [...heldOut.keys()];
  const remarks =
    missing.length === 0
      ? []
      : [
          `${counted(missing.length, "recordings")} of its lists ${missing.length === 1 ? "is" : "are"} not there: ${missing.slice(0, 3).join(", ")}`,
        ];
  return {
    kind: "Speech Commands, a folder a word",
    source,
    sounds,
    labelField: "word",
    speakerField: "speaker",
    whyUnlabelled: "",
    passedOver: passedOver.list(),
    remarks,
    tellers,
  };
}
