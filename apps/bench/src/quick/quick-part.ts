/**
 * What `bench run --suite quick` asks of a modality's encoders, on data from npm that is small enough for a minute.
 */
import type { SuiteTask } from "@autodidact/evaluate";
import type { Session } from "../engine-options.js";

export type QuickSession = Pick<Session, "line" | "signal">;

export interface QuickPart {
  readonly modality: SuiteTask["modality"];
  /** The npm package that holds the data, or what makes it. */
  readonly dataPackage: string;
  /** What the folder of the data is called; another name once other data is made. */
  readonly dataName: string;
  /** Makes the folder, whole or not at all; the same bytes each time. */
  makeData(folder: string, packageFolder: string, session: QuickSession): Promise<void>;
  readonly tasks: readonly (Pick<SuiteTask, "name" | "protocol"> & Partial<SuiteTask>)[];
}
