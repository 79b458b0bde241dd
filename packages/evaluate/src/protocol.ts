/**
 * A protocol turns what it is given into answers, and names the metrics that judge them. Whatever it chooses, it chooses
 * on what it may learn from, never on what it is asked.
 */
import type { Random } from "@autodidact/core";
import type { Metrics } from "./metric.js";

export type AnswerKind = "classes" | "tokens" | "spans" | "pairs" | "sequences" | "labels" | "dense" | "boxes";

export interface Protocol<Given, Answer extends Chosen> {
  readonly name: string;
  /** Raised when the same input could score differently than before. */
  readonly version: number;
  /** The kind of the answers. */
  readonly kind: AnswerKind;
  /** What the record says about it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The first is the headline. */
  readonly metrics: Metrics<Answer, Given>;
  /** Nothing is decided by chance: every seed gives the same answers to the same input. */
  readonly isDeterministic?: boolean | undefined;
  run(given: Given, context: ProtocolContext): Promise<Answer>;
}

export interface ProtocolContext {
  /** Validation splits, mini-batches. */
  readonly random: Random;
  /** Polled between blocks of work. */
  readonly signal?: AbortSignal | undefined;
  /** Whose input it is, for errors: `the encoder`. */
  readonly whose?: string | undefined;
}

/** What every answer may have. */
export interface Chosen {
  /** What was chosen without looking at the test, for the record: `{ l2: 0.001 }`. */
  readonly chosen?: Readonly<Record<string, number>>;
}
