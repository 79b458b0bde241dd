/**
 * Trials of speaker verification: do two recordings have one speaker?
 */
import { contentHash, UsageError } from "@autodidact/core";

export interface Trial {
  /** Names of recordings: ids in a data set, or their ends from a folder's name on. */
  readonly first: string;
  readonly second: string;
  readonly isSame: boolean;
  /** Where it stands in its file, from 1. */
  readonly line?: number | undefined;
}

export interface TrialList {
  readonly trials: readonly Trial[];
  /** `sha256:…` of names and answers in their order: a score names the list that it was measured on. */
  readonly hash: string;
}

export function trialList(trials: readonly Trial[]): TrialList {
  return { trials, hash: contentHash(linesOf(trials)) };
}

function* linesOf(trials: readonly Trial[]): Generator<string> {
  for (const { first, second, isSame } of trials) yield `${isSame ? 1 : 0} ${JSON.stringify([first, second])}\n`;
}

/** What verification compares: rows of a data set. */
export interface TrialRows {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** 1 of one speaker, 0 of two. */
  readonly isSame: Uint8Array;
}

/** The rows that a list's names mean. A name may be the end of an id, from a folder's name on, where that is one id's alone. */
export function trialRows(
  { trials }: TrialList,
  dataset: { readonly length: number; id(index: number): string },
): TrialRows {
  const wanted = new Set(trials.flatMap(({ first, second }) => [first, second]));
  const rows = rowsByName(dataset, wanted);
  const rowOf = (name: string, { line }: Trial) => {
    const row = rows.get(name);
    if (row !== undefined && row >= 0) return row;
    const place = line === undefined ? "" : `line ${line}: `;
    const why = row === undefined ? "is not there" : "is the end of several names there: write more of its path";
    throw new UsageError(`trialRows: ${place}${name} must be one of the ${dataset.length} recordings, and ${why}.`);
  };
  return {
    first: Uint32Array.from(trials, (trial) => rowOf(trial.first, trial)),
    second: Uint32Array.from(trials, (trial) => rowOf(trial.second, trial)),
    isSame: Uint8Array.from(trials, ({ isSame }) => Number(isSame)),
  };
}

/** −1 of a name that may mean several. A whole id is meant before an end of one. */
function rowsByName(dataset: { readonly length: number; id(index: number): string }, wanted: ReadonlySet<string>) {
  const [whole, ends] = [new Map<string, number>(), new Map<string, number>()];
  for (let row = 0; row < dataset.length; row++) {
    const id = dataset.id(row);
    if (wanted.has(id)) whole.set(id, row);
    for (let slash = id.indexOf("/"); slash >= 0; slash = id.indexOf("/", slash + 1)) {
      const end = id.slice(slash + 1);
      if (wanted.has(end)) ends.set(end, ends.has(end) ? -1 : row);
    }
  }
  return new Map([...ends, ...whole]);
}
