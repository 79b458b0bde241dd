/**
 * Recordings with what is said in them, for speech to text: parts to learn from, to choose by and to test on, whole in memory.
 */
import {
  type CorruptSampleError,
  counted,
  createRandom,
  type FoundData,
  type PartName,
  readAllowed,
  UsageError,
} from "@autodidact/core";
import type { TranscribedData } from "../finetuning/fine-tune-ctc.js";
import type { Sound } from "../sound.js";
import { type SurveySoundsOptions, surveySounds } from "./survey-sounds.js";

export interface TranscribedSoundsOptions extends Omit<SurveySoundsOptions, "onlyLabelled"> {
  /** All recordings are brought to this rate (Hz). */
  readonly sampleRate: number;
  /** Longer ones are broken; half an hour unless told. */
  readonly maxSeconds?: number | undefined;
  /** The field of the names or the folder that is what is said: `digit`, `folder`. Single digits are written as their English words. */
  readonly saidIn?: string | undefined;
  /** Recordings of a part that may be broken: a share below 1, or a count; the greater of 1 % and 10, at most half, unless told. */
  readonly maxCorrupt?: number | undefined;
  readonly onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundTranscripts extends TranscribedData {
  readonly found: FoundData;
}

const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/**
 * Transcripts are the layout's own (LibriSpeech's, a table's, `a.txt` beside `a.wav`), or a field of the names. The test part is the one of that name,
 * else a fifth of what is learned from, the same each time; a validation part is passed on. Recordings without a transcript are left out.
 */
export async function openTranscribedSounds(
  path: string,
  options: TranscribedSoundsOptions,
): Promise<FoundTranscripts> {
  const { sampleRate, maxSeconds, maxCorrupt, saidIn, onCorrupt, signal, ...reading } = options;
  const survey = await surveySounds(path, { ...reading, ...(saidIn !== undefined && { labelFrom: saidIn }) });
  const train = survey.parts.find((part) => part === "train" || part === "all");
  if (train === undefined) {
    throw new UsageError(
      `\`data\` ${path} must have a part to learn from, got ${survey.parts.join(", ")} alone. Name the folder itself to take it all.`,
    );
  }
  const write = saidIn === undefined ? undefined : writer(survey.found.classes);
  const allowed = { who: "openTranscribedSounds", noun: "recordings", maxCorrupt, onCorrupt, signal };
  const read = async (part: PartName) => {
    const dataset = survey.open({ part, sampleRate, maxSeconds, cacheBytes: 0 });
    return written(await readAllowed(dataset, allowed), dataset.classes, write);
  };
  const known = await read(train);
  if (known.length < 2) throw nothingWritten(path, survey.found.kind);
  const test = survey.parts.includes("test") ? await read("test") : [];
  const held = test.length === 0 ? heldOut(known) : { train: known, test };
  const validation = survey.parts.includes("validation") ? await read("validation") : [];
  const readings = [
    `transcripts of ${counted(known.length + test.length + validation.length, "recordings")}`,
    ...(write?.isDigits ? ["digits are written as English words: zero, one, …"] : []),
    test.length === 0 ? "a fifth is held out for testing" : `learns from ${train}, tested on test`,
  ];
  return {
    ...held,
    ...(validation.length > 0 && { validation }),
    found: { ...survey.found, reading: [...(survey.found.reading ?? []), ...readings] },
  };
}

/** Those of which it is known what is said. */
function written(
  sounds: readonly Sound[],
  classes: readonly string[],
  write: ReturnType<typeof writer> | undefined,
): Sound[] {
  return sounds.flatMap((sound) => {
    const own = write === undefined || sound.label === undefined ? undefined : write.word(classes[sound.label]!);
    const transcript = write === undefined ? sound.transcript : own;
    return transcript === undefined ? [] : [{ ...sound, transcript }];
  });
}

function writer(classes: readonly string[]) {
  const isDigits = classes.length > 0 && classes.every((name) => /^\d$/.test(name));
  return { isDigits, word: (name: string) => (isDigits ? DIGITS[Number(name)]! : name.replaceAll(/[_-]+/g, " ")) };
}

function heldOut(sounds: readonly Sound[]): { train: Sound[]; test: Sound[] } {
  const order = [...createRandom(0).permutation(sounds.length)];
  const [test, train] = [order.slice(0, Math.ceil(sounds.length / 5)), order.slice(Math.ceil(sounds.length / 5))];
  const inOrder = (rows: number[]) => rows.sort((a, b) => a - b).map((row) => sounds[row]!);
  return { train: inOrder(train), test: inOrder(test) };
}

function nothingWritten(path: string, kind: string): UsageError {
  return new UsageError(
    `\`data\` ${path} must tell what is said in two recordings at least, and as ${kind} it does not. Put a.txt beside a.wav, name a table's column by \`transcriptFrom\`, or the field of the names by \`saidIn\`.`,
  );
}
