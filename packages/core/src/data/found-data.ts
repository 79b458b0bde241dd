/**
 * What was understood of somebody's data: said before work begins, so that no wrong guess answers another question.
 */

import { counted, grouped } from "../lines/grouped.js";

/** How data calls its parts, whatever the names of its files and folders; `all` where it has none. */
export type PartName = "all" | "train" | "validation" | "test" | "unlabelled";

export interface FoundPart {
  readonly name: PartName;
  readonly files: number;
  /** Undefined where only reading it all would tell. */
  readonly examples?: number | undefined;
  /** Examples of each class, by label; empty where there are no labels. */
  readonly perClass: readonly number[];
}

/** What lies there too and is not read. */
export interface PassedOver {
  /** In the plural: "hidden files", ".txt files", "folders without images", "rows without a label". */
  readonly what: string;
  readonly count: number;
  /** The first few of them. */
  readonly names: readonly string[];
}

export interface FoundData {
  /** "a folder of images, a folder a class", "a CSV table" */
  readonly kind: string;
  readonly parts: readonly FoundPart[];
  /** The classes' names, by label; empty where there are no labels. */
  readonly classes: readonly string[];
  /** The columns that are read, by what they were taken for: `{ text: "tweet", label: "target" }`. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  /** How the bytes were read, where that was told or found out: `["latin1", "fields apart by ;"]`. */
  readonly reading?: readonly string[] | undefined;
  readonly passedOver: readonly PassedOver[];
  /** What else was seen, a line each: the images' sizes. */
  readonly remarks?: readonly string[] | undefined;
}

const CLASSES_SHOWN = 12;

/**
 * A line for what it is, each part, the columns, what is passed over and what else was seen:
 *
 *     a folder of images, a folder a class
 *       train: 500 images in 500 files; cat 250, dog 250
 *       not read: 3 .txt files (notes.txt, …)
 *
 * `examples` are what its examples are called: "images". That a part has no labels is said where others have classes.
 */
export function describeFoundData(found: FoundData, examples: string): string[] {
  const { kind, parts, columns, reading = [], passedOver, remarks = [] } = found;
  const lines = [[kind, ...reading].join(", ")];
  if (columns !== undefined) {
    const taken = Object.entries(columns).map(([role, column]) => `${role} from ${JSON.stringify(column)}`);
    lines.push(`  columns: ${taken.join(", ")}`);
  }
  for (const part of parts) lines.push(`  ${describePart(part, found, examples)}`);
  lines.push(...describePassedOver({ passedOver }).map((line) => `  ${line}`));
  for (const remark of remarks) lines.push(`  ${remark}`);
  return lines;
}

/** What lies beside the data and is not read, a line for each kind: all that is told where parts and classes are of no matter. */
export function describePassedOver({ passedOver }: Pick<FoundData, "passedOver">): string[] {
  return passedOver.map(({ what, count, names }) => {
    const some = names.slice(0, 3).join(", ");
    return `not read: ${counted(count, what)}${some && ` (${some}${count > Math.min(3, names.length) ? ", …" : ""})`}`;
  });
}

function describePart({ name, files, examples, perClass }: FoundPart, { classes }: FoundData, noun: string): string {
  const inFiles = counted(files, "files");
  const size = examples === undefined ? inFiles : `${counted(examples, noun)} in ${inFiles}`;
  const isWithout = perClass.length === 0;
  const labels = isWithout ? (classes.length > 0 ? "; no labels" : "") : `; ${describeClasses(perClass, classes)}`;
  return `${name}: ${size}${labels}`;
}

/** Each class with its count; of many, the first ones and the range. */
function describeClasses(perClass: readonly number[], classes: readonly string[]): string {
  const named = classes.slice(0, CLASSES_SHOWN).map((name, label) => `${name} ${grouped(perClass[label] ?? 0)}`);
  if (classes.length <= CLASSES_SHOWN) return named.join(", ");
  const [least, most] = perClass.reduce(
    ([low, high], count) => [Math.min(low, count), Math.max(high, count)],
    [Infinity, 0],
  );
  return `${classes.length} classes of ${grouped(least)} to ${grouped(most)}: ${named.join(", ")}, …`;
}
