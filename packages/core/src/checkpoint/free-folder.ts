/** A folder's name that is not taken: `runs/x`, `runs/x-2`, … */
import { access } from "node:fs/promises";

export async function freeFolder(wanted: string): Promise<string> {
  for (let n = 1; ; n++) {
    const folder = n === 1 ? wanted : `${wanted}-${n}`;
    if (!(await exists(folder))) return folder;
  }
}

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
