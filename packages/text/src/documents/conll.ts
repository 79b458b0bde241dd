/**
 * CoNLL's columns: a word a line with its label, sentences apart by empty lines, as of named entities (Tjong Kim Sang & De Meulder 2003,
 * https://aclanthology.org/W03-0419), parts of speech, or the residues of proteins.
 *
 * Columns are apart by tabs where the first line of a word has one, else by blanks. The word stands in the first column (in the second where
 * the first numbers the words, as in CoNLL-U), its label in the last.
 */
import { CorruptSampleError, NOT_UTF8, UsageError } from "@autodidact/core";

export interface LabelledSentence {
  /** The file and the line that it begins on: `train.conll:17`. */
  readonly id: string;
  readonly words: readonly string[];
  /** A label for each word; none where they were not read. */
  readonly labels: readonly string[];
  /** Its document, where `-DOCSTART-` begins documents. */
  readonly document?: string;
}

export interface ConllColumns {
  /** The number of the word's column, or of the text's, from 1. */
  textColumn?: string | undefined;
  /** The number of the label's column, from 1. */
  labelColumn?: string | undefined;
  /** Whether lines may hold a word alone. They may not unless told. */
  mayLackLabels?: boolean | undefined;
}

export interface Conll {
  /** What is whole, and what is wrong with the others. */
  readonly sentences: readonly (LabelledSentence | CorruptSampleError)[];
  /** The columns' numbers, from 1; `label` is undefined where none was read. */
  readonly columns: { readonly count: number; readonly text: number; readonly label: number | undefined };
  readonly isTabbed: boolean;
  /** Lines that were passed over. */
  readonly passed: { readonly docstarts: number; readonly comments: number; readonly joined: number };
}

export interface ConllLine {
  /** From 1. */
  readonly number: number;
  /** Undefined where the bytes are no text. */
  readonly text: string | undefined;
}

const DOCSTART = /^-DOCSTART-(\s|$)/;
/** CoNLL-U's ids of words that are two words, and of words that are not said. */
const JOINED = /^\d+[-.]\d+$/;

/** `name` is the file's, for ids and errors. */
export function parseConll(name: string, lines: readonly ConllLine[], told: ConllColumns = {}): Conll {
  const layout = layoutOf(lines);
  if (layout === undefined) throw new UsageError(`${name} must hold words with labels, and it has none.`);
  const columns = columnsOf(name, layout, told);
  const passed = { docstarts: 0, comments: 0, joined: 0 };
  const sentences: (LabelledSentence | CorruptSampleError)[] = [];
  let [begun, words, labels]: [number | undefined, string[], string[]] = [undefined, [], []];
  let broken: CorruptSampleError | undefined;

  function endSentence(): void {
    const document = passed.docstarts > 0 ? { document: `${name}, document ${passed.docstarts}` } : {};
    if (broken !== undefined) sentences.push(broken);
    else if (words.length > 0) sentences.push({ id: `${name}:${begun}`, words, labels, ...document });
    [begun, words, labels, broken] = [undefined, [], [], undefined];
  }

  for (const { number, text } of lines) {
    if (text !== undefined && text.trim() === "") endSentence();
    else if (text !== undefined && DOCSTART.test(text)) {
      endSentence();
      passed.docstarts += 1;
    } else {
      const cells = text === undefined ? undefined : layout.split(text);
      if (text?.startsWith("#") && cells!.length !== layout.count) passed.comments += 1;
      else if (layout.isNumbered && cells !== undefined && JOINED.test(cells[0]!)) passed.joined += 1;
      else {
        begun ??= number;
        const wrong = wrongOf(cells, layout, columns);
        if (wrong !== undefined) broken ??= new CorruptSampleError(`${name}:${number}`, wrong);
        else {
          words.push(cells![columns.text - 1]!);
          if (columns.label !== undefined) labels.push(cells![columns.label - 1]!);
        }
      }
    }
  }
  endSentence();
  return { sentences, columns: { count: layout.count, ...columns }, isTabbed: layout.isTabbed, passed };
}

interface Layout {
  readonly count: number;
  readonly isTabbed: boolean;
  /** The first column counts the words. */
  readonly isNumbered: boolean;
  /** The line that it was taken from. */
  readonly line: number;
  split(text: string): string[];
}

/** By the first line of a word: one that is no comment, where there is such. Undefined where there is no word. */
function layoutOf(lines: readonly ConllLine[]): Layout | undefined {
  const isWord = ({ text }: ConllLine) => text !== undefined && text.trim() !== "" && !DOCSTART.test(text);
  const first = lines.find((line) => isWord(line) && !line.text!.startsWith("#")) ?? lines.find(isWord);
  if (first === undefined) return undefined;
  const isTabbed = first.text!.includes("\t");
  const split = (text: string) => (isTabbed ? text.split("\t").map((cell) => cell.trim()) : text.trim().split(/ +/)); // hard spaces are parts of words
  const count = split(first.text!).length;
  return { count, isTabbed, isNumbered: count > 2 && isNumberedFrom(lines, first, split), line: first.number, split };
}

/** Whether the words of the first sentence have the numbers 1, 2, … before them. */
function isNumberedFrom(
  lines: readonly ConllLine[],
  first: ConllLine,
  split: (text: string) => readonly string[],
): boolean {
  let wanted = 1;
  for (const { text } of lines.slice(lines.indexOf(first))) {
    if (text === undefined || text.trim() === "") break;
    const number = split(text)[0]!;
    if (JOINED.test(number)) continue;
    if (number !== String(wanted)) return false;
    wanted += 1;
  }
  return true;
}

function columnsOf(
  name: string,
  { count, isNumbered }: Layout,
  { textColumn, labelColumn, mayLackLabels }: ConllColumns,
) {
  const numberOf = (option: string, told: string | undefined, usual: number) => {
    if (told === undefined) return usual;
    if (/^[1-9]\d*$/.test(told) && Number(told) <= count) return Number(told);
    throw new UsageError(
      `${name} must have a column ${told}, and its lines have ${count} without names. Set a number: { ${option}: ${count} }.`,
    );
  };
  const text = numberOf("textColumn", textColumn, isNumbered ? 2 : 1);
  const label = numberOf("labelColumn", labelColumn, count);
  if (label !== text) return { text, label };
  if (mayLackLabels) return { text, label: undefined };
  const got = count === 1 ? "its lines have one column" : `both are column ${text}`;
  throw new UsageError(
    `${name} must have a label behind each word, and ${got}. Put labels in another column, or set another: { labelColumn: … }.`,
  );
}

function wrongOf(
  cells: readonly string[] | undefined,
  { count, line }: Layout,
  { text, label }: { text: number; label: number | undefined },
): string | undefined {
  if (cells === undefined) return `the line is ${NOT_UTF8}`;
  if (cells.length !== count) return `the line must have ${count} columns as line ${line} has, got ${cells.length}`;
  if (cells[text - 1] === "") return `column ${text} must hold a word, got nothing`;
  if (label !== undefined && cells[label - 1] === "") return `column ${label} must hold a label, got nothing`;
  return undefined;
}
