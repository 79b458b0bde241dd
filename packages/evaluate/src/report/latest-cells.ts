/**
 * Of cells that bear the same names, those of the newest weights and of the newest form of a task: scores of different ones are never compared.
 */
import { contentHash } from "../record/content-address.js";
import type { CellRecord } from "../store/cell-record.js";
import type { Cell } from "../suite/cell.js";

/** `stripes`, or `stripes, version 2`. */
export function taskName({ name, version }: Pick<Cell["task"], "name" | "version">): string {
  return version === 1 ? name : `${name}, version ${version}`;
}

export interface LatestCells {
  readonly current: readonly CellRecord[];
  readonly outdated: number;
}

export function latestCells(cells: readonly CellRecord[]): LatestCells {
  const weights = newestBy(
    cells,
    ({ cell }) => cell.encoder.name,
    ({ cell }) => cell.encoder.hash,
  );
  const tasks = newestBy(cells, ({ cell }) => taskName(cell.task), formOf);
  const current = cells.filter(
    (own) =>
      weights.get(own.cell.encoder.name) === own.cell.encoder.hash &&
      tasks.get(taskName(own.cell.task)) === formOf(own),
  );
  return { current, outdated: cells.length - current.length };
}

/** The reference only scales scores: a cell is not run again for another one. */
const formOf = ({ cell: { task } }: CellRecord) => contentHash({ ...task, reference: null });

/** By its name, what the newest cell of that name has. */
function newestBy(
  cells: readonly CellRecord[],
  nameOf: (cell: CellRecord) => string,
  hashOf: (cell: CellRecord) => string,
): Map<string, string> {
  const newest = new Map<string, CellRecord>();
  for (const cell of cells) {
    const known = newest.get(nameOf(cell));
    if (known === undefined || cell.createdAt >= known.createdAt) newest.set(nameOf(cell), cell);
  }
  return new Map([...newest].map(([name, cell]) => [name, hashOf(cell)]));
}
