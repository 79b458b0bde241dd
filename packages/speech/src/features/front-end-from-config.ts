/**
 * The front end that a config describes, as `frontEnd.config` wrote it.
 */
import type { FrontEnd } from "./front-end.js";
import { type LogMelOptions, logMel } from "./log-mel.js";
import { type MfccOptions, mfcc } from "./mfcc.js";

export function frontEndFromConfig(config: Readonly<Record<string, unknown>>): FrontEnd {
  const { kind, ...options } = config;
  if (kind === "log-mel") return logMel(options as unknown as LogMelOptions);
  if (kind === "mfcc") return mfcc(options as unknown as MfccOptions);
  throw new Error(`frontEndFromConfig: kind must be "log-mel" or "mfcc", got ${JSON.stringify(kind)}.`);
}
