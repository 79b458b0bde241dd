/**
 * Pairs of a text and its translation, for fine-tuning: a part to learn from, and a part to be tested on.
 */
import {
  CorruptSampleError,
  type FoundData,
  type FoundPart,
  grouped,
  type SourceFile,
  UsageError,
} from "@autodidact/core";
import { withoutCorrupt } from "./corrupt-documents.js";
import { labelledParts } from "./labelled-parts.js";
import type { TableOptions } from "./labelled-text.js";
import { headOfPairs, type PairColumns } from "./pair-columns.js";
import { passedOver } from "./passed-over.js";
import { type CellRow, openTable } from "./table-file.js";

export interface TranslationPair {
  /** The file and the line: `pairs.tsv:17`. */
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

export interface TranslationsOptions extends TableOptions {
  /** The file of the test part; beside the training part, or a fifth of it, unless told. */
  readonly test?: string | undefined;
}

export interface Translations {
  readonly train: readonly TranslationPair[];
  readonly test: readonly TranslationPair[];
  readonly isTestHeldOut: boolean;
  /** What was held out: "every fifth source text". */
  readonly heldOut: string;
  readonly found: FoundData;
}

/**
 * A table of two columns, source and target (`textColumn` and `labelColumn` name them where there are more), or a folder with train and test
 * parts. Rows of other than so many fields, or with nothing in one of the two, are named by their lines and passed over, unless there are many.
 */
export async function openTranslations(path: string, options: TranslationsOptions = {}): Promise<Translations> {
  const parts = await labelledParts(path);
  const files = parts.train?.files ?? parts.whole;
  const learned = await readPairs(files, options);
  const asked = options.test === undefined ? parts.train && parts.asked[0] : await toldPart(options.test);
  const answers = asked && (await readPairs(asked.files, options));
  const { train, test, heldOut } =
    answers === undefined ? apart(path, learned.pairs) : { train: learned.pairs, test: answers.pairs, heldOut: "" };
  const { table, columns } = learned;
  const unnamed = table.names === undefined && !columns.hasHeader ? ["without a line of names"] : [];
  const found: FoundData = {
    kind: answers === undefined ? `${table.kind}, ${heldOut} held out to be tested on` : table.kind,
    parts: [partOf("train", train, files), partOf(asked?.name ?? "test", test, asked?.files ?? files)],
    classes: [],
    columns: { source: columns.source.name, target: columns.target.name },
    reading: [...table.said, ...unnamed],
    passedOver: passedOver(parts.all, [...files, ...(asked?.files ?? [])]),
    remarks: [`the first pair: ${shown(train[0]!.source)} → ${shown(train[0]!.target)}`, ...longestOf(train)],
  };
  return { train, test, isTestHeldOut: answers === undefined, heldOut, found };
}

async function toldPart(path: string) {
  const { train, whole, asked } = await labelledParts(path);
  return { name: "test" as const, files: whole.length > 0 ? whole : (asked[0] ?? train)!.files };
}

/** Files of one form. */
async function readPairs(files: readonly SourceFile[], options: TranslationsOptions) {
  const table = await openTable(files[0]!, options);
  const columns = await headOfPairs(table, options);
  const pairs: TranslationPair[] = [];
  for await (const pair of withoutCorrupt("openTranslations", pairsIn(files, options, columns), options))
    pairs.push(pair);
  if (pairs.length === 0)
    throw new UsageError(`openTranslations: ${files[0]!.path} must hold pairs of texts, got none.`);
  return { pairs, table, columns };
}

async function* pairsIn(files: readonly SourceFile[], options: TranslationsOptions, first: PairColumns) {
  for (const [place, file] of files.entries()) {
    const table = await openTable(file, options);
    const { source, target, hasHeader } = place === 0 ? first : await headOfPairs(table, options);
    for await (const row of table.rows([source.place, target.place], hasHeader))
      yield row instanceof CorruptSampleError ? row : pairOf(row);
  }
}

function pairOf({ id, cells }: CellRow): TranslationPair | CorruptSampleError {
  const [source, target] = cells.map((cell) => cell?.trim() ?? "") as [string, string];
  if (source !== "" && target !== "") return { id, source, target };
  return new CorruptSampleError(id, `the ${source === "" ? "source" : "target"} must be a text, got nothing`);
}

/** All pairs of every fifth source text, the same ones each time: a text of several translations is in one part alone. */
function apart(path: string, pairs: readonly TranslationPair[]) {
  const sources = [...new Set(pairs.map(({ source }) => source))];
  const kept = new Set(sources.filter((_, place) => place % 5 !== 4));
  if (kept.size === sources.length) {
    throw new UsageError(
      `openTranslations: ${path} must have five source texts, so that a fifth can be held out, got ${sources.length}. Give another file to test on.`,
    );
  }
  return {
    train: pairs.filter(({ source }) => kept.has(source)),
    test: pairs.filter(({ source }) => !kept.has(source)),
    heldOut: "every fifth source text",
  };
}

const partOf = (
  name: FoundPart["name"],
  pairs: readonly TranslationPair[],
  files: readonly SourceFile[],
): FoundPart => ({
  name,
  files: files.length,
  examples: pairs.length,
  perClass: [],
});

const shown = (text: string) => (text.length <= 60 ? text : `${text.slice(0, 59)}…`);

function longestOf(pairs: readonly TranslationPair[]): string[] {
  const words = (text: string) => text.split(/\s+/).length;
  const longest = pairs.reduce((most, pair) => (words(pair.source) > words(most.source) ? pair : most));
  const targets = pairs.reduce((most, { target }) => Math.max(most, words(target)), 0);
  return [
    `train: sources of at most ${grouped(words(longest.source))} words (${longest.id}), targets of at most ${grouped(targets)}`,
  ];
}
