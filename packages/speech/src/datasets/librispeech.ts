/**
 * LibriSpeech (Panayotov et al. 2015, https://www.openslr.org/12): SPEAKER/CHAPTER/SPEAKER-CHAPTER-N.flac, and beside them
 * SPEAKER-CHAPTER.trans.txt with a line for each.
 */
import { type PartName, partInWords, tally, UsageError } from "@autodidact/core";
import { baseName, folderOf } from "./sound-formats.js";
import type { SoundSource } from "./sound-source.js";
import type { ToldSound, ToldSounds } from "./told-sounds.js";

const UTTERANCE = /^(?:(.*)\/)?(\d+)\/(\d+)\/\2-\3-\d+\.[^./]+$/;
const TRANSCRIPTS = /(^|\/)\d+-\d+\.trans\.txt$/;

export function isLibriSpeech({ paths, texts }: SoundSource): boolean {
  return (
    texts.some((path) => TRANSCRIPTS.test(path)) &&
    2 * paths.filter((path) => UTTERANCE.test(path)).length > paths.length
  );
}

/** The part is the one that the folder above the speakers names: `train-clean-100`, `dev-other`. */
export async function librispeech(source: SoundSource): Promise<ToldSounds> {
  const tellers = source.texts.filter((path) => TRANSCRIPTS.test(path));
  const transcripts = new Map<string, string>();
  for (const teller of tellers)
    for (const [id, text] of await linesIn(source, teller)) transcripts.set(folderOf(teller) + id, text);
  const isInPart = source.paths.some((path) => partOf(path) !== undefined);
  const passedOver = tally();
  const sounds: ToldSound[] = [];
  for (const [row, path] of source.paths.entries()) {
    const [, , speaker, chapter] = UTTERANCE.exec(path) ?? [];
    const part = isInPart ? partOf(path) : "all";
    if (speaker === undefined) passedOver.add("recordings that are not named as LibriSpeech's", source.ids[row]!);
    else if (part === undefined) passedOver.add("recordings outside the parts", source.ids[row]!);
    else {
      const transcript = transcripts.get(source.places[row]!.replace(/\.[^./]+$/, ""));
      sounds.push({ row, part, fields: { speaker, chapter: chapter! }, transcript });
    }
  }
  return {
    kind: "LibriSpeech",
    source,
    sounds,
    speakerField: "speaker",
    whyUnlabelled:
      'LibriSpeech tells who speaks and what is said: choose { labelFrom: "speaker" } to tell speakers apart',
    passedOver: passedOver.list(),
    remarks: [],
    tellers,
  };
}

function partOf(path: string): PartName | undefined {
  const above = UTTERANCE.exec(path)?.[1];
  return above === undefined ? undefined : partInWords(baseName(above));
}

/** `84-121123-0000 GO DO YOU HEAR` */
async function linesIn(source: SoundSource, place: string): Promise<[string, string][]> {
  const lines = (await source.text(place)).split(/\r?\n/);
  return lines.flatMap((line, index): [string, string][] => {
    if (line.trim() === "") return [];
    const [, id, text] = /^(\d+-\d+-\d+)\s+(.*)$/.exec(line) ?? [];
    if (id !== undefined) return [[id, text!.trim()]];
    throw new UsageError(
      `openSounds: ${place}:${index + 1} must be an utterance's name and what is said in it, 84-121123-0000 GO DO YOU HEAR, got ${JSON.stringify(line.slice(0, 60))}.`,
    );
  });
}
