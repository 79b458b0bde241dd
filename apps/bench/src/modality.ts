/**
 * What the commands ask of images, of text, of whatever comes next.
 */
import type { Embedded, Inspection, Learner, Neighbour, Picture, Place, Prediction, Watched } from "@autodidact/core";
import type { MethodCard, OptionGroups, Options, RunSettings, SettledPlan } from "@autodidact/core/cards";
import type { MapItem } from "@autodidact/dashboard";
import type { EvaluationTasks, ExaminationOptions, Lessons } from "@autodidact/evaluate";
import type { Command } from "commander";
import type { AdvicePart } from "./advice/advice-sample.js";
import type { Session } from "./engine-options.js";
import type { QuickPart } from "./quick/quick-part.js";

export interface Modality<Settings extends RunSettings = RunSettings, Typed extends object = object> {
  /** What its data is: "images". */
  readonly data: string;
  /** What several of its examples are called, where that is another word: "recordings". */
  readonly noun?: string | undefined;
  /** The cards of its methods, by name. */
  readonly methods: Readonly<Record<string, MethodCard>>;
  /** How often a run is saved where nothing is told, in words. */
  readonly saveEvery: string;
  /** Options that settle how a run goes; with `--resume` they come from the run. */
  options(method: string): OptionGroups;
  /** Arguments of `autodidact pretrain METHOD`. */
  examples(method: string): readonly string[];
  /** Refuses what cannot be; makes nothing yet. What was not typed is left to the options' usual values. */
  plan(method: string, data: string, typed: Typed): Promise<SettledPlan<Settings>>;
  /** The settings that a run's config.json holds; throws where they are none, naming `from`. */
  parse(config: unknown, from: string): Settings;
  /** The settings in one line. */
  describe(settings: Settings): string;
  /** `dataPath`: where the data is now, if it has moved since the run began. */
  learner(settings: Settings, place: Place, dataPath?: string): Promise<Learner>;
  /** What to say of a finished run: lines, the commands to try next. */
  conclude(settings: Settings, folder: string, watched: Watched | undefined): Conclusion | Promise<Conclusion>;
  /** What a config.json without a method calls its model, where such folders can be read too: Hugging Face's. */
  readonly modelTypes?: readonly string[];
  /** What of its data has labels, for `--help`. */
  readonly labelledData: string;
  /** What a run's encoder can be asked, by the name that `--protocol` takes. */
  readonly tasks: EvaluationTasks;
  /** What labels can teach it, by the name that `--task` takes. */
  readonly lessons?: Lessons;
  /** Options that say how data without labels is read, where it does not say it itself. */
  readonly reading?: Options | undefined;
  /** Features of whatever the data holds, labelled or not. */
  embed(folder: string, data: string, options: EmbeddingOptions): AsyncIterable<Embedded>;
  /** What features were made of, to be looked at, read or heard. */
  items?(data: string): Promise<Items>;
  /** What of its data lies nearest to a file of the same kind; the file itself is none of them. */
  neighbours?(folder: string, data: string, query: string, options: NeighboursOptions): Promise<FoundNeighbours>;
  /** Whether these have a picture. */
  readonly showsNeighbours?: boolean;
  /** Whether something of its kind lies at a path: looks at names, not at contents. */
  holds?(path: string): Promise<boolean>;
  /** Reads all of the data, without training; refuses what is none of its kind. */
  inspect?(data: string, options: InspectionOptions): Promise<Inspection>;
  /** Options that say how its data is read, where it does not say it itself. */
  readonly inspectReading?: Options | undefined;
  /** What a fine-tuned model says, one after the other. */
  predict?(folder: string, given: Given, session: Session): AsyncIterable<Prediction>;
  /** What `advise` measures pilots on. */
  readonly advice?: AdvicePart<Settings>;
  /** Commands that only this modality has. */
  readonly commands?: readonly (() => Command)[];
  readonly quickstart: QuickstartPart<Settings, Typed>;
  /** Its part of the quick suite. */
  readonly quick: QuickPart;
}

/** Examples by the ids that `embed` gives them. */
export interface Items {
  has(id: string): Promise<boolean>;
  item(id: string): Promise<MapItem>;
}

export interface InspectionOptions extends Pick<ExaminationOptions, "signal" | "show"> {
  /** The column that holds the texts, for tables of them. */
  readonly column?: string | undefined;
  /** What was typed of `inspectReading`. */
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
}

export interface EmbeddingOptions extends Pick<ExaminationOptions, "signal" | "show" | "print"> {
  /** The column that holds the texts, for tables of them. */
  readonly column: string;
  /** What else was typed of how texts are read. */
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
}

export interface NeighboursOptions extends EmbeddingOptions {
  readonly count: number;
}

export interface FoundNeighbour extends Neighbour {
  /** Of what is text. */
  readonly text?: string;
}

export interface FoundNeighbours {
  /** The most alike first. */
  readonly found: readonly FoundNeighbour[];
  /** The query, and below it its neighbours. */
  readonly picture?: Picture | undefined;
}

/** What `predict` was told. */
export interface Given {
  /** Texts to be classed. */
  readonly text?: readonly string[] | undefined;
  /** Images to be classed. */
  readonly image?: readonly string[] | undefined;
  /** Questions on the context. */
  readonly question?: readonly string[] | undefined;
  readonly context?: string | undefined;
  /** Many of either, in a file or folder. */
  readonly data?: string | undefined;
  /** A new folder for masks. */
  readonly out?: string | undefined;
  /** That holds the texts, of tables. */
  readonly column: string;
  /** What else was typed of how texts are read. */
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
}

export interface Conclusion {
  readonly lines: readonly string[];
  /** Arguments of `autodidact`. */
  readonly next: { readonly why: string; readonly command: string };
}

export interface DataToMake {
  readonly packageFolder: string;
  /** The run's, beside which the data goes. */
  readonly folder: string;
  readonly given: Readonly<Record<string, unknown>>;
}

/** What the modality shows in a few minutes, on data from npm. */
export interface QuickstartPart<Settings extends RunSettings, Typed extends object> {
  /** The npm package that holds the data, in its folder `data`, or what makes it. */
  readonly dataPackage: string;
  /** Where the package holds no data but what makes it: gives the folder that it was made in. */
  makeData?(from: DataToMake, session: Session): Promise<string>;
  /** Where no other is chosen. */
  readonly method: string;
  /** The one that an option chose; parts with a choice have it. */
  methodOf?(options: Readonly<Record<string, unknown>>): string;
  /** The run's folder where none is told. */
  readonly folder: string;
  /** Options of the quickstart that only this part has. */
  readonly options: Options;
  /** The share of the minutes that steps take; looks at the run take the rest. */
  readonly shareOfSteps: number;
  /** What `pretrain` would be told. */
  typed(options: Readonly<Record<string, unknown>>): Typed;
  /** Who learns from what: "A small GPT learns from speeches". */
  introduce(options: Readonly<Record<string, unknown>>): string;
  /** One step: "16 × 64 tokens". */
  describeBatch(settings: Settings): string;
  /** Measures the finished run and shows what it learned. */
  conclude(run: FinishedQuickstart<Settings>, session: Session): Promise<void>;
}

export interface FinishedQuickstart<Settings extends RunSettings> {
  readonly folder: string;
  readonly settings: Settings;
}
