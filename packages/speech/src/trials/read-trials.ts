/**
 * Lists of trials: VoxCeleb's `1 a.wav b.wav` (1 one speaker, 0 two), and `a.wav b.wav target` or `nontarget`, as Kaldi has them.
 */
import { basename } from "node:path";
import { decodeUtf8, linesOf, UsageError } from "@autodidact/core";
import { type Trial, type TrialList, trialList } from "./trial-list.js";

const ANSWERS: Readonly<Record<string, boolean>> = { "1": true, "0": false, target: true, nontarget: false };

/** Blank lines are passed over; any other line that is no trial is refused by its number. */
export async function readTrials(file: string): Promise<TrialList> {
  const trials: Trial[] = [];
  const answers = new Map<string, Trial>();
  let isAnswerFirst: boolean | undefined;
  for await (const { number, bytes } of linesOf({ path: file, id: basename(file), bytes: 0 })) {
    const text = textOf(file, number, bytes);
    if (text.trim() === "") continue;
    const words = text.trim().split(/\s+/);
    isAnswerFirst ??= formOf(file, number, words);
    const trial = trialIn(file, number, { words, isAnswerFirst });
    const pair = JSON.stringify([trial.first, trial.second].sort());
    const before = answers.get(pair);
    if (before !== undefined && before.isSame !== trial.isSame)
      throw new UsageError(
        `readTrials: ${file}:${number} must not contradict line ${before.line}, which says the other of the same two.`,
      );
    answers.set(pair, trial);
    trials.push(trial);
  }
  assertBoth(file, trials);
  return trialList(trials);
}

function textOf(file: string, number: number, bytes: Buffer | undefined): string {
  try {
    if (bytes !== undefined) return decodeUtf8(bytes);
  } catch {
    // it is said below
  }
  throw new UsageError(`readTrials: ${file}:${number} must be a line of UTF-8 text.`);
}

/** Whether the answers come first, by the first line. */
function formOf(file: string, number: number, words: readonly string[]): boolean {
  const [isFirst, isLast] = [/^[01]$/.test(words[0]!), /^(non)?target$/.test(words.at(-1)!)];
  if (words.length === 3 && isFirst !== isLast) return isFirst;
  throw noTrial(file, number, words, "1 a.wav b.wav, or a.wav b.wav target");
}

function trialIn(
  file: string,
  number: number,
  { words, isAnswerFirst }: { words: readonly string[]; isAnswerFirst: boolean },
): Trial {
  const [first, second, answer] = isAnswerFirst ? [words[1], words[2], words[0]] : words;
  const isSame = ANSWERS[answer ?? ""];
  const isInForm = words.length === 3 && isSame !== undefined && /^[01]$/.test(answer!) === isAnswerFirst;
  if (!isInForm) throw noTrial(file, number, words, isAnswerFirst ? "1 a.wav b.wav" : "a.wav b.wav target");
  if (first === second)
    throw new UsageError(`readTrials: ${file}:${number} must compare two recordings, got ${first} twice.`);
  return { first: first!, second: second!, isSame, line: number };
}

function noTrial(file: string, number: number, words: readonly string[], form: string): Error {
  return new UsageError(
    `readTrials: ${file}:${number} must be a trial (${form}; names without spaces), got ${JSON.stringify(words.join(" ").slice(0, 80))}.`,
  );
}

/** Error rates need both kinds. */
function assertBoth(file: string, trials: readonly Trial[]): void {
  const same = trials.filter(({ isSame }) => isSame).length;
  if (same > 0 && same < trials.length) return;
  throw new UsageError(
    `readTrials: ${file} must hold trials of one speaker and of two, got ${same} and ${trials.length - same}.`,
  );
}
