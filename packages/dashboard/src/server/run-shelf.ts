/**
 * The runs below a folder, by their ids. What was listed holds for a second, whoever asks.
 */
import { basename, relative, resolve, sep } from "node:path";
import { listRuns, type RunListing } from "@autodidact/core";
import type { RunView } from "../api.js";
import { idOf, isId } from "./ids.js";
import { Refusal } from "./refusal.js";

const HOLDS_MS = 1000;

export interface ShelvedRun {
  readonly view: RunView;
  readonly listing: RunListing;
}

interface Shelf {
  /** Latest first. */
  readonly runs: readonly ShelvedRun[];
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
}

export interface RunShelf {
  look(): Promise<Shelf>;
  /** Refuses what is no id, and ids of no run. */
  find(id: string): Promise<ShelvedRun>;
  /** The next look is a new one. */
  forget(): void;
}

export function runShelf(root: string): RunShelf {
  let last: { readonly at: number; readonly shelf: Promise<Shelf> } | undefined;

  function look(): Promise<Shelf> {
    if (last === undefined || performance.now() - last.at > HOLDS_MS)
      last = { at: performance.now(), shelf: readShelf(root) };
    return last.shelf;
  }

  return {
    look,
    async find(id) {
      const found = isId(id) ? (await look()).runs.find(({ view }) => view.id === id) : undefined;
      if (found === undefined) throw new Refusal(404, "There is no such run: it was removed, or never was.");
      return found;
    },
    forget() {
      last = undefined;
    },
  };
}

async function readShelf(root: string): Promise<Shelf> {
  const { runs, unreadable } = await listRuns(root);
  return {
    runs: runs.map((listing) => ({ listing, view: viewOf(root, listing) })),
    unreadable: unreadable
      .filter(({ folder, reason }) => !(folder === root && reason.includes("ENOENT"))) // the first run makes it
      .map(({ folder, reason }) => ({ name: nameOf(root, folder), reason })),
  };
}

/** The path below the root, with slashes: what a run's id is made of. */
export const placeOf = (root: string, folder: string): string => relative(root, folder).split(sep).join("/");

function nameOf(root: string, folder: string): string {
  return placeOf(root, folder) || basename(resolve(root));
}

function viewOf(root: string, { folder, config, state, step, steps, updatedAt }: RunListing): RunView {
  return {
    id: idOf(placeOf(root, folder)),
    name: nameOf(root, folder),
    method: typeof config.method === "string" ? config.method.slice(0, 200) : null,
    state,
    step: step ?? null,
    steps: steps ?? null,
    updatedAt: new Date(Number.isFinite(updatedAt) ? updatedAt : 0).toISOString(),
  };
}
