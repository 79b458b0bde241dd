/**
 * The options that say how recordings are found, where folders, names and tables leave it open.
 */
import { choice, defined, real, type Typed, text, writtenAs } from "@autodidact/core/cards";
import type { SoundReading } from "../datasets/pretrain-sounds.js";

/** Of recordings, labelled or not. */
export const soundReading = {
  pattern: text("of the files' names, e.g. {digit}_{speaker}_{index}.wav", { unit: "names" }),
  speaker: text("what tells who speaks: folder, a field of the pattern, a table's column", { unit: "field" }),
  holdOutSpeakers: text("names with commas: all that these say is for testing, and is not learned from", {
    unit: "names",
  }),
  holdOut: text("a condition on a field or column: what fulfils it is for testing (index<5, speaker=ann,bob)", {
    unit: "condition",
  }),
  fileFrom: text("the column of a table that names the files", {
    unit: "column",
    usually: "path, file, audio, wav, …",
  }),
  splitFrom: text("the column of a table that names the part; none where no column does", {
    unit: "column",
    usually: "split, …",
  }),
  ...writtenAs,
  layout: choice(["classes", "parts"])("what folders are that may be classes or parts (train, test, …)", {
    unit: "what",
    usually: "as their names say, refused where these leave it open",
  }),
  maxSeconds: real("longer recordings are passed over as broken", { above: 0, unit: "s", usually: "1800" }),
  maxCorrupt: real("broken examples that are passed over: a share below 1, or a count", {
    from: 0,
    unit: "n",
    usually: "1 %, at least 10, at most half",
  }),
};

const { holdOutSpeakers: _speakers, holdOut: _condition, maxCorrupt: _broken, ...wholeReading } = soundReading;

/** Of recordings that are taken as they lie, all parts of them, without those that cannot be read. */
export { wholeReading };

/** Of recordings with classes. */
export const labelledReading = {
  label: text("what tells the class: folder, speaker, a field of the pattern, a table's column", {
    unit: "field",
    usually: "found out",
  }),
  ...soundReading,
};

/** Of recordings with transcripts. */
export const transcriptOption = {
  transcriptFrom: text("of ctc: the column of a table that holds what is said", {
    unit: "column",
    usually: "sentence, text, transcript, …",
    conflicts: "transcript",
  }),
};

type TypedReading = Typed<typeof labelledReading & typeof transcriptOption>;

/** Options that the package calls as the command does. */
const SAME = ["pattern", "fileFrom", "splitFrom", "transcriptFrom", "layout", ...Object.keys(writtenAs)] as const;

/** What was typed of them, as `surveySounds` calls it. */
export function readingOf(typed: Readonly<Record<string, unknown>> = {}): SoundReading {
  const { speaker, label, holdOutSpeakers, holdOut } = typed as TypedReading;
  return defined({
    ...Object.fromEntries(SAME.map((name) => [name, typed[name]])),
    labelFrom: label,
    speakerFrom: speaker,
    heldOutSpeakers: holdOutSpeakers?.split(",").map((name) => name.trim()),
    test: holdOut,
  });
}

/** Of how they are decoded. */
export function boundsOf(typed: Readonly<Record<string, unknown>> = {}): { maxSeconds?: number; maxCorrupt?: number } {
  const { maxSeconds, maxCorrupt } = typed as TypedReading;
  return { ...(maxSeconds !== undefined && { maxSeconds }), ...(maxCorrupt !== undefined && { maxCorrupt }) };
}
