/**
 * What a bench leaves behind: one record a contender, with all that is needed to read it alone.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { EngineCost, Outcome } from "./alternate.js";
import { describeMachine, type Machine } from "./machine.js";
import { largestDifference, pairedSpeed, summarize } from "./statistics.js";

export interface Record {
  readonly work: string;
  readonly contender: string;
  readonly version: string;
  readonly medianMs: number;
  readonly minimumMs: number;
  /** Interquartile range ÷ median, over all measured steps. */
  readonly spread: number;
  readonly rounds: number;
  readonly steps: number;
  readonly gflopsPerSecond: number;
  /** Largest resident size of the contender's process. */
  readonly peakResidentBytes: number;
  /** How many times as fast as the peer, the median over rounds; null where no peer ran or the size differs. */
  readonly speedToPeer: number | null;
  readonly peer: string | null;
  /** Largest relative difference of the first losses to the reference contender's; null for itself and other sizes. */
  readonly lossDifference: number | null;
  readonly firstStepMs: number;
  readonly size: Readonly<{ [name: string]: number }>;
  readonly threads: number;
  readonly engine?: EngineCost;
  readonly machine: Machine;
  /** ISO 8601. */
  readonly measuredAt: string;
}

export interface Comparison {
  /** Whose losses are taken for right. */
  readonly reference?: Outcome;
  /** Whose speed is 1. */
  readonly peer?: Outcome;
}

export function recordOf(work: string, outcome: Outcome, { reference, peer }: Comparison): Record {
  const { entrant, version, rounds, firstLosses, firstStepMs, peakResidentBytes, engine } = outcome;
  const timings = rounds.flat();
  const summary = summarize(timings);
  const isComparable = !entrant.isScaled;
  return {
    work,
    contender: entrant.contender,
    version,
    ...summary,
    rounds: rounds.length,
    steps: timings.length,
    gflopsPerSecond: entrant.flops / summary.medianMs / 1e6,
    peakResidentBytes,
    speedToPeer: peer && isComparable ? pairedSpeed(rounds, peer.rounds) : null,
    peer: peer && isComparable ? peer.entrant.contender : null,
    lossDifference:
      reference && reference !== outcome && isComparable ? largestDifference(firstLosses, reference.firstLosses) : null,
    firstStepMs,
    size: entrant.task.size,
    threads: entrant.task.threads,
    engine,
    machine: describeMachine(),
    measuredAt: new Date().toISOString(),
  };
}

export function writeRecords(file: string, records: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(records, null, 2)}\n`);
}
