/**
 * What a store of results tells, read anew by a thread when its journal has changed. Until then, and while it is read, what was known is told.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Modality } from "../api.js";
import type { Boards, StoreMessage, StoreSummary } from "./store-reading.js";
import { runThread } from "./thread.js";

export interface StoreDesk {
  /** Waits for the first reading alone. */
  summary(): Promise<StoreSummary>;
  /** A `LeaderboardView` as JSON. */
  board(modality?: Modality): Promise<string>;
}

/** How long a first board waits for the bootstrap. */
const PATIENCE_MS = 2000;
/** How often the journal is looked at. */
const LOOK_MS = 1000;

/** `signal` ends the thread. */
export function storeDesk(folder: string, signal: AbortSignal): StoreDesk {
  const journal = join(folder, "cells.jsonl");
  let known: { summary?: StoreSummary; preliminary?: Boards; boards?: Boards } = {};
  let failure: unknown;
  /** The journal's state that is known, or is being read. */
  let state: string | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let reading: Reading | undefined;

  async function look(): Promise<void> {
    if (reading !== undefined || performance.now() - lookedAt < LOOK_MS) return;
    const found = await stateOf(journal);
    lookedAt = performance.now();
    if (found === state) return;
    state = found;
    reading = read();
    reading.whole
      .catch((error) => {
        failure = error;
        state = undefined; // the next look tries again
      })
      .finally(() => {
        reading = undefined;
      });
  }

  /** Those who ask at once look once. */
  function lookTogether(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  function read(): Reading {
    let saySummary = () => {};
    const summary = new Promise<void>((resolve) => {
      saySummary = resolve;
    });
    const whole = runThread<StoreMessage>("store-thread", {
      data: folder,
      signal,
      onMessage(message) {
        known = { ...known, ...message };
        saySummary();
      },
    });
    const begun = Promise.race([summary, whole]);
    begun.catch(() => {}); // told by `whole`
    return { begun, whole };
  }

  function told<Value>(value: Value | undefined): Value {
    if (value !== undefined) return value;
    throw new Error(`storeDesk: the store ${folder} cannot be read: ${(failure as Error | undefined)?.message}`, {
      cause: failure,
    });
  }

  return {
    async summary() {
      await lookTogether();
      if (known.summary === undefined) await reading?.begun;
      return told(known.summary);
    },
    async board(modality) {
      await lookTogether();
      if (known.preliminary === undefined) await reading?.begun;
      if (known.boards === undefined && reading !== undefined)
        await Promise.race([reading.whole, wait(PATIENCE_MS, undefined, { ref: false })]);
      return told(known.boards ?? known.preliminary)[modality ?? "all"];
    },
  };
}

interface Reading {
  /** The summary is known. */
  readonly begun: Promise<void>;
  /** All is. */
  readonly whole: Promise<void>;
}

/** A journal only grows; one that was replaced has another time. Empty where there is none yet. */
async function stateOf(journal: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(journal);
    return `${size} ${mtimeMs} ${ino}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
