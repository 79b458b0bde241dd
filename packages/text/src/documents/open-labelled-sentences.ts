/**
 * Sentences whose words have labels, for fine-tuning: a part to learn from, a part to be tested on, and what was understood of them.
 */
import {
  byCodePoint,
  CorruptSampleError,
  counted,
  decodeUtf8,
  type FoundData,
  type FoundPart,
  grouped,
  linesOf,
  type PassedOver,
  type SourceFile,
  UsageError,
} from "@autodidact/core";
import { type Conll, type ConllLine, type LabelledSentence, parseConll } from "./conll.js";
import { type CorruptOptions, withoutCorrupt } from "./corrupt-documents.js";
import { type Judged, labelScheme } from "./label-scheme.js";
import type { TableOptions } from "./labelled-text.js";
import { passedOver } from "./passed-over.js";
import { sentenceFiles } from "./sentence-files.js";
import { readSequenceTable } from "./sequence-table.js";
import { isTableName } from "./table-file.js";

export interface LabelledSentencesOptions extends TableOptions {
  /** The file of the test part; beside the training part, or a fifth of it, unless told. */
  readonly test?: string | undefined;
  /** Whether whole entities are judged or each token for itself; by the labels' names unless told. */
  readonly judged?: Judged | undefined;
}

export interface LabelledSentences {
  readonly train: readonly LabelledSentence[];
  readonly test: readonly LabelledSentence[];
  /** All labels, of both parts, in the order of their code points. */
  readonly labels: readonly string[];
  readonly judged: Judged;
  /** What a text falls into where nobody says its words: words, or single characters, as residues are. */
  readonly units: "words" | "characters";
  readonly isTestHeldOut: boolean;
  /** What was held out: "every fifth sentence". */
  readonly heldOut: string;
  readonly found: FoundData;
}

export async function openLabelledSentences(
  path: string,
  options: LabelledSentencesOptions = {},
): Promise<LabelledSentences> {
  const files = await sentenceFiles(path);
  const learned = await readAll(files.train, options);
  const askedFiles = options.test === undefined ? files.test : (await sentenceFiles(options.test)).train;
  const asked = askedFiles && (await readAll(askedFiles, options));
  const { train, test, heldOut } =
    asked === undefined
      ? apart(path, learned.sentences)
      : { train: learned.sentences, test: asked.sentences, heldOut: "" };
  const labels = [...new Set([...train, ...test].flatMap((sentence) => sentence.labels))].sort(byCodePoint);
  assertSeveral(path, labels, learned);
  const scheme = labelScheme(path, labels, options.judged);
  const parts = [
    partOf("train", train, { files: files.train.length, labels }),
    partOf(options.test === undefined ? files.testName : "test", test, {
      files: (askedFiles ?? files.train).length,
      labels,
    }),
  ];
  const found: FoundData = {
    kind: asked === undefined ? `${learned.kind}, ${heldOut} held out to be tested on` : learned.kind,
    parts,
    classes: labels,
    columns: learned.columns,
    reading: learned.reading,
    passedOver: [
      ...passedLines([learned, ...(asked ? [asked] : [])]),
      ...passedOver(files.all, [...files.train, ...(askedFiles ?? [])]),
    ],
    remarks: [scheme.said, describeLengths("train", train), describeLengths("test", test)],
  };
  const isTestHeldOut = asked === undefined;
  return { train, test, labels, judged: scheme.judged, units: learned.units, isTestHeldOut, heldOut, found };
}

/** The words of CoNLL's files, without their labels where they have some. */
export async function readSentences(
  path: string,
  options: Pick<TableOptions, "textColumn" | "encoding"> & CorruptOptions = {},
): Promise<LabelledSentence[]> {
  const { train: files } = await sentenceFiles(path);
  const sentences: LabelledSentence[] = [];
  for (const file of files) {
    const { sentences: all } = parseConll(file.id, await linesIn(file, options), { ...options, mayLackLabels: true });
    for await (const sentence of withoutCorrupt("readSentences", each(all), options))
      sentences.push({ ...sentence, labels: [] });
  }
  return sentences;
}

interface Read {
  readonly sentences: readonly LabelledSentence[];
  readonly kind: string;
  readonly units: LabelledSentences["units"];
  readonly columns: Readonly<Record<string, string>>;
  readonly reading: readonly string[];
  readonly passed: Conll["passed"];
  /** The labels' column was not told. */
  readonly isLabelFoundOut: boolean;
}

/** Files of one form. */
async function readAll(files: readonly SourceFile[], options: LabelledSentencesOptions): Promise<Read> {
  const read: Read[] = [];
  for (const file of files) read.push(await readOne(file, options));
  const sentences = read.flatMap((one) => one.sentences);
  if (sentences.length === 0)
    throw new UsageError(`openLabelledSentences: ${files[0]!.path} must hold sentences with labels, got none.`);
  const sum = (what: keyof Conll["passed"]) => read.reduce((total, { passed }) => total + passed[what], 0);
  return {
    ...read[0]!,
    sentences,
    passed: { docstarts: sum("docstarts"), comments: sum("comments"), joined: sum("joined") },
  };
}

async function readOne(file: SourceFile, options: LabelledSentencesOptions): Promise<Read> {
  const lines = isRowsAlone(file) ? [] : await linesIn(file, options);
  const isTable = isTableName(file.id) && (isRowsAlone(file) || !hasGap(lines));
  const { all, ...told } = isTable ? await ofTable(file, options) : ofConll(file, lines, options);
  const sentences: LabelledSentence[] = [];
  for await (const sentence of withoutCorrupt("openLabelledSentences", each(all), options)) sentences.push(sentence);
  return { ...told, sentences, isLabelFoundOut: options.labelColumn === undefined };
}

const isRowsAlone = ({ id }: SourceFile) => /\.(jsonl|ndjson|parquet)(\.gz)?$/i.test(id);

/** Whether empty lines stand between others: such a .tsv is no table but columns of words. */
function hasGap(lines: readonly ConllLine[]): boolean {
  const isEmpty = ({ text }: ConllLine) => text !== undefined && text.trim() === "";
  const last = lines.findLastIndex((line) => !isEmpty(line));
  const first = lines.findIndex((line) => !isEmpty(line));
  return lines.slice(Math.max(0, first), last).some(isEmpty);
}

function ofConll(file: SourceFile, lines: readonly ConllLine[], { textColumn, labelColumn }: LabelledSentencesOptions) {
  const { sentences, columns, isTabbed, passed } = parseConll(file.id, lines, { textColumn, labelColumn });
  const isOfCharacters = sentences.every(
    (sentence) => sentence instanceof CorruptSampleError || sentence.words.every((word) => [...word].length === 1),
  );
  return {
    all: sentences,
    kind: `CoNLL's columns apart by ${isTabbed ? "tabs" : "blanks"}`,
    units: isOfCharacters ? ("characters" as const) : ("words" as const),
    columns: { word: `column ${columns.text}`, label: `column ${columns.label} of ${columns.count}` },
    reading: [],
    passed,
  };
}

async function ofTable(file: SourceFile, options: LabelledSentencesOptions) {
  const { table, hasHeader, columns, units, sentences } = await readSequenceTable(file, options);
  const isUnnamed = table.names === undefined && !hasHeader;
  return {
    all: sentences,
    kind: `${table.kind} of sequences, a label a ${units === "words" ? "word" : "character"}`,
    units,
    columns: { sequence: columns.text, labels: columns.label },
    reading: [...table.said, ...(isUnnamed ? ["without a line of names"] : [])],
    passed: { docstarts: 0, comments: 0, joined: 0 },
  };
}

async function linesIn(file: SourceFile, options: Pick<TableOptions, "encoding">): Promise<ConllLine[]> {
  if (file.broken !== undefined) throw new UsageError(`${file.path} must hold sentences, but ${file.broken}.`);
  const lines: ConllLine[] = [];
  for await (const { number, bytes } of linesOf(file, options)) lines.push({ number, text: bytes && decoded(bytes) });
  return lines;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decodeUtf8(bytes);
  } catch {
    return undefined;
  }
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

/** Every fifth document is set aside where five are told apart, else every fifth sentence: the same ones each time. */
function apart(path: string, sentences: readonly LabelledSentence[]) {
  const documents = [...new Set(sentences.map(({ document }) => document))];
  const areDocuments = documents.length >= 5;
  if (!areDocuments && sentences.length < 5) {
    throw new UsageError(
      `openLabelledSentences: ${path} must have five sentences, so that a fifth can be held out, got ${sentences.length}. Give another file to test on.`,
    );
  }
  const placeOf = new Map(documents.map((document, place) => [document, place]));
  const isKept = (sentence: LabelledSentence, place: number) =>
    (areDocuments ? placeOf.get(sentence.document)! : place) % 5 !== 4;
  return {
    train: sentences.filter(isKept),
    test: sentences.filter((sentence, place) => !isKept(sentence, place)),
    heldOut: areDocuments ? "every fifth document" : "every fifth sentence",
  };
}

/** A column of one value is no column of labels. */
function assertSeveral(path: string, labels: readonly string[], { columns, isLabelFoundOut }: Read): void {
  if (labels.length > 1) return;
  const where = isLabelFoundOut ? " Name the column of labels: { labelColumn: … }." : "";
  throw new UsageError(
    `openLabelledSentences: ${path} must have two labels at least, and ${columns.label ?? columns.labels} holds ${labels.join("") || "none"} alone.${where}`,
  );
}

function partOf(
  name: FoundPart["name"],
  sentences: readonly LabelledSentence[],
  { files, labels }: { files: number; labels: readonly string[] },
): FoundPart {
  const counts = new Map<string, number>();
  for (const sentence of sentences)
    for (const label of sentence.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return { name, files, examples: sentences.length, perClass: labels.map((label) => counts.get(label) ?? 0) };
}

function describeLengths(name: string, sentences: readonly LabelledSentence[]): string {
  const tokens = sentences.reduce((sum, { words }) => sum + words.length, 0);
  const longest = sentences.reduce((most, one) => (one.words.length > most.words.length ? one : most));
  return `${name}: ${counted(tokens, "tokens")}, the longest sentence of ${grouped(longest.words.length)} (${longest.id})`;
}

function passedLines(read: readonly Read[]): PassedOver[] {
  const sum = (what: keyof Conll["passed"]) => read.reduce((total, { passed }) => total + passed[what], 0);
  const names = {
    docstarts: "-DOCSTART- lines",
    comments: "lines of comments",
    joined: "lines of joined words",
  } as const;
  return (Object.keys(names) as (keyof typeof names)[])
    .map((what) => ({ what: names[what], count: sum(what), names: [] }))
    .filter(({ count }) => count > 0);
}
