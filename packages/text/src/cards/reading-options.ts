/**
 * The options that say how text is read, where the files do not say it themselves.
 */
import { choice, type Options, real, type Typed, text, writtenAs } from "@autodidact/core/cards";
import type { TableOptions } from "../documents/labelled-text.js";

const header = choice(["yes", "no"])("of .csv and .tsv: whether the first row names the columns", {
  usually: "found out",
});

const writing = {
  ...writtenAs,
  maxCorrupt: real("broken examples that are named and passed over, a share below 1 or a count", {
    from: 0,
    unit: "n",
    usually: "1 % or 10, at most half",
  }),
};

/** Of texts without labels, beside `column`. */
export const documentReading = {
  documents: choice(["files", "blank-lines"])("of .txt and .md: a file each, or what stands between blank lines", {
    usually: "files",
  }),
  header,
  ...writing,
};

/** Of tables with labels. */
export const tableReading = {
  textColumn: text("that holds the text, or its number", { unit: "name", usually: "found out" }),
  labelColumn: text("that holds the class, or its number", { unit: "name", usually: "found out" }),
  header,
  ...writing,
};

/** Of either, where all is looked at and nothing is too broken. */
const { maxCorrupt: _, ...either } = { ...tableReading, ...documentReading };
export const inspectReading = either;

export type DocumentReading = Omit<Typed<typeof documentReading>, "header"> & { readonly header?: boolean };

/** What was typed of them, and nothing else. */
export function documentReadingOf(typed: Readonly<Record<string, unknown>>): DocumentReading {
  return withHeader(onlyTyped(documentReading, typed));
}

export function tableReadingOf(typed: Readonly<Record<string, unknown>>): TableOptions {
  return withHeader(onlyTyped(tableReading, typed));
}

function withHeader<Own extends { readonly header?: "yes" | "no" }>({
  header,
  ...others
}: Own): Omit<Own, "header"> & { readonly header?: boolean } {
  return header === undefined ? others : { ...others, header: header === "yes" };
}

function onlyTyped<Own extends Options>(options: Own, typed: Readonly<Record<string, unknown>>): Typed<Own> {
  const names = Object.keys(options).filter((name) => typed[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, typed[name]])) as Typed<Own>;
}
