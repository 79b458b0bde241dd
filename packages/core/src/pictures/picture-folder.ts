/**
 * The pictures of a run: `pictures/step-N.png`, and `step-N-NAME.png` where a step has several.
 */
import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { recoverDirectories } from "../checkpoint/commit-directory.js";
import { commitFile } from "../checkpoint/commit-file.js";

export interface PictureFolder {
  /** Writes the file, whole or not at all, in the place of an older one of the same step and name. */
  save(step: number, png: Uint8Array, name?: string): Promise<void>;
}

export interface PictureFolderOptions {
  /** The step a run resumes from: pictures of later steps are removed, they will come again. All stay unless told. */
  resumeFrom?: number;
}

/** Opens the folder for the run's only writer. It is made with its first picture. */
export async function openPictures(folder: string, options: PictureFolderOptions = {}): Promise<PictureFolder> {
  const { resumeFrom = Number.POSITIVE_INFINITY } = options;
  await recoverDirectories(folder);
  for (const name of await namesIn(folder)) {
    const step = PICTURE.exec(name)?.[1];
    if (step !== undefined && Number(step) > resumeFrom) await rm(join(folder, name));
  }
  return {
    async save(step, png, name) {
      const path = join(folder, pictureFile(step, name));
      await mkdir(folder, { recursive: true });
      await commitFile(path, png);
    },
  };
}

const PICTURE = /^step-(\d+)(?:-([\w-]+))?\.png$/;

export interface StoredPicture {
  readonly step: number;
  readonly name: string | undefined;
  readonly path: string;
}

/** The pictures of a run's folder by their steps, of a step those without a name first; none of them is a link. */
export async function storedPictures(run: string): Promise<StoredPicture[]> {
  const folder = join(run, "pictures");
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory()) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const pictures = entries.flatMap((entry): StoredPicture[] => {
    const [, step, name] = PICTURE.exec(entry.name) ?? [];
    return entry.isFile() && step !== undefined ? [{ step: Number(step), name, path: join(folder, entry.name) }] : [];
  });
  return pictures.sort((a, b) => a.step - b.step || ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
}

/** `step-40.png`, `step-40-attention.png` */
function pictureFile(step: number, name?: string): string {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new RangeError(`picture: step must be a whole number from 0, got ${step}.`);
  }
  if (name === undefined) return `step-${step}.png`;
  if (!/^[a-z\d][a-z\d-]*$/i.test(name)) {
    throw new RangeError(`picture: name must be of letters, digits and hyphens, got ${JSON.stringify(name)}.`);
  }
  return `step-${step}-${name}.png`;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}
