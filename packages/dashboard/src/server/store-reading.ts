/**
 * What the thread that reads a store says, and when.
 */
import {
  type Board,
  leaderboard,
  openStore,
  type Predictions,
  type ResultStore,
  resultsOf,
} from "@autodidact/evaluate";
import type { Modality } from "../api.js";
import { leaderboardView } from "./board-view.js";

export interface StoreSummary {
  readonly cells: number;
  readonly failed: number;
  readonly damagedLines: number;
  readonly outdated: number;
  readonly modalities: readonly Modality[];
}

/** A `LeaderboardView` as JSON, by modality; "all" of all. */
export type Boards = Readonly<Record<Modality | "all", string>>;

/** At first ranks by the scores' intervals alone, which takes no time; then those of the bootstrap, with comparisons and groups. */
export type StoreMessage =
  | { readonly summary: StoreSummary; readonly preliminary: Boards }
  | { readonly boards: Boards };

const MODALITIES = ["image", "text", "speech"] as const;

export async function readStore(folder: string, tell: (message: StoreMessage) => void): Promise<void> {
  const store = await openStore(folder);
  const { cells, damaged } = store;
  const quick = leaderboard(cells);
  const known = new Set<string>(cells.map(({ cell }) => cell.task.modality));
  tell({
    summary: {
      cells: cells.length,
      failed: cells.filter(({ outcome }) => outcome.status === "failed").length,
      damagedLines: damaged.length,
      outdated: quick.outdated,
      modalities: MODALITIES.filter((modality) => known.has(modality)),
    },
    preliminary: boardsOf(quick, true),
  });
  const predictions = await predictionsIn(store);
  tell({ boards: boardsOf(leaderboard(cells, { predictions }), false) });
}

function boardsOf(board: Board, isPreliminary: boolean): Boards {
  const textOf = (modality?: Modality) => JSON.stringify(leaderboardView(board, { modality, isPreliminary }));
  return { all: textOf(), image: textOf("image"), text: textOf("text"), speech: textOf("speech") };
}

/** Where answers are lost or were changed, ranks rest on the scores' intervals. */
async function predictionsIn(store: ResultStore): Promise<Map<string, Predictions>> {
  const predictions = new Map<string, Predictions>();
  for (const { predictions: hash } of store.cells.flatMap(resultsOf)) {
    if (hash === null || predictions.has(hash)) continue;
    const found = await store.predictions(hash).catch(() => undefined);
    if (found !== undefined) predictions.set(hash, found);
  }
  return predictions;
}
