/**
 * Recordings by number, with what is known of each without decoding it.
 */
import type { ContentsOptions, Dataset, PartName } from "@autodidact/core";
import type { Sound } from "../sound.js";
import type { SoundHeader } from "../sound-files/sound-header.js";

export interface SoundDataset extends Dataset<Sound> {
  id(index: number): string;
  /** Names of the labels in their order; empty where there are none. */
  readonly classes: readonly string[];
  /** The label; undefined where nobody labelled the recording. */
  label(index: number): number | undefined;
  /** Names of those who speak, in the order of their indices; empty where nobody says. */
  readonly speakers: readonly string[];
  /** Who speaks; undefined where nobody says. */
  speaker(index: number): number | undefined;
  /** What is said; undefined where nobody wrote it down. */
  transcript(index: number): string | undefined;
  /** Its length in seconds by the file's header, where that can be told without decoding. */
  seconds?(index: number): Promise<number | undefined>;
  /** What the file says of itself: its own rate, channels and length, where that can be told without decoding. */
  header?(index: number): Promise<SoundHeader>;
  /** The file on disk that holds it: its own, or an archive. */
  source?(index: number): string;
  /** A hash of what the files hold that it is read from, transcripts and tables too: other data of the same names has another. */
  contents?(options?: ContentsOptions): Promise<string>;
}

export interface SoundOptions {
  /** All recordings are brought to this rate (Hz). */
  sampleRate: number;
  /** Which part of a set that comes in parts; several are taken one after the other. */
  split?: PartName | readonly PartName[] | undefined;
}
