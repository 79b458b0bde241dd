/**
 * What `autodidact pretrain` asks of images, of text, of whatever comes next.
 */
import type { Embedded } from "@autodidact/core";
import type { Command } from "commander";
import type { Examination } from "./evaluation.js";
import type { Learner, Watched } from "./learner.js";
import type { LiveLine } from "./live-line.js";

/** What every modality's settings hold; plain JSON, a run's config.json. */
export interface RunSettings {
  readonly method: string;
  readonly data: { readonly path: string };
  /** Updates in all. */
  readonly steps: number;
  readonly seed: number;
}

/** Where a run is being prepared or continued. */
export interface Place {
  /** The run's folder, which exists. */
  readonly folder: string;
  readonly line: LiveLine;
  readonly signal: AbortSignal;
}

export interface Plan<Settings extends RunSettings> {
  /** Makes what the settings need first (a tokenizer, its tokens), and settles them. */
  settle(place: Place): Promise<Settings>;
}

export interface Modality<Settings extends RunSettings = RunSettings, Options extends object = object> {
  /** What its data is: "images". */
  readonly data: string;
  /** Each method's name and what it does. */
  readonly methods: Readonly<Record<string, string>>;
  /** How often a run is saved where nothing is told, in words. */
  readonly saveEvery: string;
  /** Options that settle how a run goes; with `--resume` they come from the run. */
  addOptions(command: Command, method: string): void;
  /** Arguments of `autodidact pretrain METHOD`. */
  examples(method: string): readonly string[];
  /** Refuses what cannot be; makes nothing yet. */
  plan(method: string, data: string, options: Options): Promise<Plan<Settings>>;
  /** The settings that a run's config.json holds; throws where they are none, naming `from`. */
  parse(config: unknown, from: string): Settings;
  /** In one line. */
  describe(settings: Settings): string;
  /** `dataPath`: where the data is now, if it has moved since the run began. */
  learner(settings: Settings, place: Place, dataPath?: string): Promise<Learner>;
  /** What to say of a finished run: lines, the commands to try next. */
  conclude(settings: Settings, folder: string, watched: Watched | undefined): Conclusion;
  /** The encoder of a run before labelled data. */
  examine(folder: string, data: string, options: ExaminationOptions): Promise<Examination>;
  /** Features of whatever the data holds, labelled or not. */
  embed(folder: string, data: string, options: EmbeddingOptions): AsyncIterable<Embedded>;
}

export interface EmbeddingOptions extends Pick<ExaminationOptions, "signal" | "show" | "print"> {
  /** Of tables of texts: the column that holds them. */
  readonly column: string;
}

export interface ExaminationOptions {
  /** Of the training part, the first so many of each class. */
  readonly perClass?: number | undefined;
  readonly signal: AbortSignal;
  /** What is being done now. */
  show(text: string): void;
  /** What must stay to be read. */
  print(text: string): void;
}

export interface Conclusion {
  readonly lines: readonly string[];
  /** Arguments of `autodidact`. */
  readonly next: { readonly why: string; readonly command: string };
}
