/**
 * Which columns of a table tell a recording's file, class, speaker, transcript and part.
 */
import { listed, UsageError } from "@autodidact/core";
import { fileColumn, labelColumn, speakerColumn, splitColumn, transcriptColumn } from "./column-names.js";
import { isSoundFile } from "./sound-formats.js";

export interface TableOptions {
  /** The column of files, where names do not settle it. */
  readonly fileFrom?: string | undefined;
  /** The column of what is said. */
  readonly transcriptFrom?: string | undefined;
  /** The column of parts; `none` where no column tells any. */
  readonly splitFrom?: string | undefined;
}

export interface TableColumns {
  readonly file: string;
  readonly label: string | undefined;
  readonly speaker: string | undefined;
  readonly transcript: string | undefined;
  readonly split: string | undefined;
  /** Columns of classes, where there are several. */
  readonly labels: readonly string[];
  /** What was left open. */
  readonly remarks: readonly string[];
}

type Fields = Readonly<Record<string, string>>;

/** Undefined where no column is one of files. `rows` are the first of the table. */
export function tableColumns(
  where: string,
  columns: readonly string[],
  rows: readonly Fields[],
  options: TableOptions,
): TableColumns | undefined {
  const file = fileOf(where, columns, rows, options.fileFrom);
  if (file === undefined) return undefined;
  const remarks: string[] = [];
  const open = columns.filter((column) => column !== file);
  const labels = open.filter(labelColumn);
  const only = (what: string, option: string, told: string | undefined, isNamed: (name: string) => boolean) => {
    if (told !== undefined) return assertThere(where, columns, option, told);
    const named = open.filter(isNamed);
    if (named.length > 1)
      remarks.push(`${what} may be told by ${named.join(" or ")}: choose { ${option}: ${JSON.stringify(named[0])} }`);
    return named.length === 1 ? named[0] : undefined;
  };
  return {
    file,
    label: labels.length === 1 ? labels[0] : undefined,
    labels,
    speaker: only("who speaks", "speakerFrom", undefined, speakerColumn),
    transcript: only("what is said", "transcriptFrom", options.transcriptFrom, transcriptColumn),
    split: options.splitFrom === "none" ? undefined : only("the part", "splitFrom", options.splitFrom, splitColumn),
    remarks,
  };
}

function fileOf(
  where: string,
  columns: readonly string[],
  rows: readonly Fields[],
  told: string | undefined,
): string | undefined {
  if (told !== undefined) return assertThere(where, columns, "fileFrom", told);
  const named = columns.filter(fileColumn);
  if (named.length <= 1) return named[0];
  const ofSounds = named.filter((column) => rows.some((row) => isSoundFile(row[column] ?? "")));
  if (ofSounds.length === 1) return ofSounds[0];
  const choices = named.map((column) => `{ fileFrom: ${JSON.stringify(column)} }`).join(" or ");
  throw new UsageError(
    `openSounds: ${where} must have one column of files, and ${named.join(" and ")} may be it. Choose ${choices}.`,
  );
}

function assertThere(where: string, columns: readonly string[], option: string, told: string): string {
  if (columns.includes(told)) return told;
  throw new UsageError(
    `openSounds: ${where} must have a column ${told}, got ${listed(columns)}. Set another: { ${option}: … }.`,
  );
}
