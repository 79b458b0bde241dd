/**
 * Where work writes: nothing of the user's may be there, and nothing that is read.
 */
import { lstat, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { UsageError } from "../usage-error.js";

/** What refusals call the places: the options that name them. */
export interface PlaceNames {
  readonly out?: string;
  readonly data?: string;
}

/** Refuses a folder that is neither new nor empty. */
export async function assertFree(out: string, { out: name = "out" }: PlaceNames = {}): Promise<void> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return isLink(out);
    if (error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (names === undefined) throw new UsageError(`${name} ${out} must be a folder, and a file is there. Name another.`);
  if (names.length === 0) return;
  const shown = names.sort().slice(0, 3).join(", ");
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  throw new UsageError(
    `${name} ${out} must be new or empty, and it holds ${shown}${more}. Nothing there is overwritten: name another folder.`,
  );
}

/** Refuses a folder inside the data, where it would be read as data the next time, and data inside the folder. */
export async function assertApart(out: string, data: string, names: PlaceNames = {}): Promise<void> {
  const { out: writing = "out", data: reading = "data" } = names;
  const [writes, reads] = [await realPlace(out), await realPlace(data)];
  if (isWithin(writes, reads)) {
    const outside = join(data, "..", basename(resolve(out)));
    throw new UsageError(
      `${writing} ${out} must not be inside ${reading} ${data}: what is written there would be read as data. Name a place beside it: ${writing} ${outside}`,
    );
  }
  if (isWithin(reads, writes))
    throw new UsageError(
      `${reading} ${data} must not be inside ${writing} ${out}. Name another folder for ${writing}.`,
    );
}

/** The place behind all links, also of what is not there yet. */
async function realPlace(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    return await realpath(whole);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(whole) === whole) return whole;
    return join(await realPlace(dirname(whole)), basename(whole));
  }
}

const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);

/** Undefined where a link to nowhere is in the way; no names where nothing is. */
async function isLink(path: string): Promise<string[] | undefined> {
  return lstat(path).then(
    () => undefined,
    () => [],
  );
}
