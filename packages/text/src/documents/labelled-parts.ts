/**
 * Which files of a folder are learned from and which are for testing, by their names.
 */
import { dirname } from "node:path";
import { listed, type SourceFile, type SourceFiles, sourceFiles, UsageError } from "@autodidact/core";
import { isTableName } from "./table-file.js";

export interface PartFiles {
  readonly name: "train" | "test" | "validation";
  /** Several where the part is in shards. */
  readonly files: readonly SourceFile[];
}

export interface LabelledParts {
  /** Undefined where one table is all there is. */
  readonly train: PartFiles | undefined;
  /** The one table. */
  readonly whole: readonly SourceFile[];
  /** What could be tested on, the likeliest first. */
  readonly asked: readonly PartFiles[];
  readonly all: SourceFiles;
}

/** The names of each part, the likeliest first. */
const NAMES = {
  train: ["train", "training"],
  test: ["test", "testing"],
  validation: ["dev", "validation", "valid", "val", "eval", "dev_matched", "validation_matched"],
} as const;
const ENDINGS = ["tsv", "csv", "jsonl", "ndjson"].flatMap((end) => [end, `${end}.gz`]).concat("parquet");
/** `-00000-of-00002`, `_1`, and what Hugging Face's hub puts behind it. */
const SHARD = /([-_.](part-?)?\d+(-of-\d+)?(-[0-9a-f]+)?)?$/;

export async function labelledParts(path: string): Promise<LabelledParts> {
  const all = await sourceFiles("openLabelledTexts", path);
  const tables = all.files.filter(({ id }) => isTableName(id));
  if (tables.length === 1 && tables[0]!.path === path) return { train: undefined, whole: tables, asked: [], all };
  const found = (["train", "test", "validation"] as const).flatMap((name) => partsNamed(name, tables));
  const folders = [...new Set(found.filter(({ name }) => name === "train").map(({ folder }) => folder))];
  const folder = folders.includes(".") ? "." : folders[0];
  if (folder !== "." && folders.length > 1) {
    throw new UsageError(
      `openLabelledTexts: ${path} must hold one data set, got those in ${listed(folders)}. Name one of them.`,
    );
  }
  const own = found.filter((part) => part.folder === folder);
  const train = own.find(({ name }) => name === "train");
  if (train === undefined && tables.length !== 1) {
    const got = listed(all.files.map(({ id }) => id));
    throw new UsageError(
      `openLabelledTexts: ${path} must be or hold one table (.csv, .tsv, .jsonl, .ndjson, .parquet), or train and test parts of one ` +
        `(train.tsv, test.tsv or dev.tsv), got ${got}. Name one file.`,
    );
  }
  return { train, whole: train === undefined ? tables : [], asked: own.filter(({ name }) => name !== "train"), all };
}

/** A part of each folder that has one. */
function partsNamed(name: PartFiles["name"], tables: readonly SourceFile[]): (PartFiles & { folder: string })[] {
  const folders = [...new Set(tables.map(({ id }) => dirname(id)))];
  return folders.flatMap((folder) => {
    const own = tables.filter(({ id }) => dirname(id) === folder);
    for (const stem of NAMES[name]) {
      for (const ending of ENDINGS) {
        const files = own.filter(({ id }) => isPart(id.slice(folder === "." ? 0 : folder.length + 1), stem, ending));
        if (files.length > 0) return [{ name, files, folder }];
      }
    }
    return [];
  });
}

function isPart(file: string, stem: string, ending: string): boolean {
  const lower = file.toLowerCase();
  if (!lower.endsWith(`.${ending}`)) return false;
  return lower.slice(0, -ending.length - 1).replace(SHARD, "") === stem;
}
