/**
 * What the layout of a set tells of its recordings.
 */
import type { PartName, PassedOver } from "@autodidact/core";
import type { SoundSource } from "./sound-source.js";

/** One recording, by the source's row. */
export interface ToldSound {
  readonly row: number;
  readonly part: PartName;
  /** What is known of it by name: the folder it lies in, fields of its name, columns of its row. */
  readonly fields: Readonly<Record<string, string>>;
  readonly transcript?: string | undefined;
}

export interface ToldSounds {
  /** "LibriSpeech", "a folder of recordings, by {digit}_{speaker}.wav" */
  readonly kind: string;
  readonly source: SoundSource;
  readonly sounds: readonly ToldSound[];
  /** Which field tells the class, where the layout settles it. */
  readonly labelField?: string | undefined;
  /** Which field tells the speaker, where the layout settles it. */
  readonly speakerField?: string | undefined;
  /** Why the layout tells no class: what is to be chosen. */
  readonly whyUnlabelled: string;
  /** Columns of tables, by what they were taken for. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  readonly reading?: readonly string[] | undefined;
  readonly passedOver: readonly PassedOver[];
  readonly remarks: readonly string[];
  /** Files beside the recordings of which something is told: tables, transcripts. */
  readonly tellers: readonly string[];
}
