import type { LiveLine } from "../lines/live-line.js";
import type { EngineDescription } from "./engine.js";

/** What work has that takes its time: an engine, where it says how it goes, what ends it. */
export interface Session {
  readonly engine: EngineDescription;
  readonly line: LiveLine;
  /** Fires at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}
