/**
 * Examples with a class each, as protocols want them: a part to learn heads from, and a part to test them on.
 */
import type { FoundData } from "./found-data.js";

export interface LabelledPart<Example> {
  readonly examples: readonly Example[];
  /** A class of 0 … classes − 1 for each example. */
  readonly labels: Int32Array;
  /** Who made each example, where that is known of all: examples of one speaker hang together, and intervals draw them together. */
  readonly groups?: Int32Array | undefined;
  /** The hash of examples and labels, in order: `sha256:…`. */
  readonly hash: string;
}

export interface LabelledData<Example> {
  /** Their names, by label. */
  readonly classes: readonly string[];
  readonly train: LabelledPart<Example>;
  readonly test: LabelledPart<Example>;
  /** The data came without a test part: a fifth of each class was set aside. */
  readonly isTestHeldOut: boolean;
  /** What was understood of the files; undefined of examples that came from none. */
  readonly found?: FoundData | undefined;
}
