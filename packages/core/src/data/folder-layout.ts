/**
 * Which part and which class each example belongs to, by the folders that it lies in alone.
 *
 *     train/cat/1.png, val/cat/2.png   parts, and a folder a class in each
 *     cat/1.png, dog/2.png             a folder a class
 *     bus/1.png, car/2.png, train/3.png  the same: nothing but three folders of examples
 *     cat/train/1.png, cat/test/2.png  a folder a class, and parts in each
 *     a/1.png, 2.png                   examples without labels
 *
 * What could be read in two ways is refused with both.
 */

import { UsageError } from "../usage-error.js";
import type { PartName } from "./found-data.js";
import { isWrapper, partNamed, partsAmong } from "./part-names.js";

/** How folders are taken where their names leave it open: each for a class, or those named so for parts. */
export type Layout = "classes" | "parts";

export interface LaidOutPart {
  readonly name: PartName;
  /** Places in the paths, in their order. */
  readonly rows: readonly number[];
  /** Characters of a path up to the part's folder, the slash included; 0 where the part is several folders. */
  readonly idStart: number;
  /** The folder that tells the class; undefined of an example beside such folders. */
  className(row: number): string | undefined;
}

export interface FolderLayout {
  readonly parts: readonly LaidOutPart[];
  /** Places of examples that are in no part. */
  readonly outside: readonly number[];
  /** The one folder that all examples lie in, with no folders of them below it. */
  readonly only?: string | undefined;
  /** What was decided and might have been meant otherwise. */
  readonly remarks: readonly string[];
}

export interface LayoutOptions {
  readonly layout?: Layout | undefined;
  /** The data's path, for errors. */
  readonly where: string;
  /** Who was asked, for errors: "openImages". */
  readonly who: string;
  /** What the examples are called, in the plural: "images". */
  readonly noun: string;
}

/** `paths` have slashes; at least one. */
export function layoutOf(paths: readonly string[], options: LayoutOptions): FolderLayout {
  const start = options.layout === "classes" ? 0 : wrapperOf(paths);
  const tops = topsOf(paths, start);
  if (options.layout === "classes") return together(paths, tops.size > 1 ? 0 : wrapperOf(paths));
  const named = partsAmong(tops.keys());
  named.delete("");
  if (named.size === 0) return withoutParts(paths, { start, tops, ...options });
  const parts = takenForParts({ tops, named, ...options });
  return parts === undefined ? together(paths, start) : inParts(paths, start, parts);
}

interface Top {
  /** Examples below. */
  count: number;
  /** Whether some of them lie in a folder further down. */
  isNested: boolean;
}
/** The folders beside each other; `""` is what lies in none. */
type Tops = ReadonlyMap<string, Top>;

/** The length of the folders that hold all examples and name no part. */
function wrapperOf(paths: readonly string[]): number {
  const first = paths[0]!;
  for (let start = 0; ; ) {
    const slash = first.indexOf("/", start);
    if (slash < 0 || partNamed(first.slice(start, slash)) !== undefined) return start;
    const wrapper = first.slice(0, slash + 1);
    if (!paths.every((path) => path.startsWith(wrapper))) return start;
    start = slash + 1;
  }
}

function topsOf(paths: readonly string[], start: number): Map<string, Top> {
  const tops = new Map<string, Top>();
  for (const path of paths) {
    const name = folderAt(path, start) ?? "";
    const top = tops.get(name) ?? { count: 0, isNested: false };
    tops.set(name, top);
    top.count += 1;
    top.isNested ||= path.indexOf("/", start + name.length + 1) >= 0;
  }
  return tops;
}

/** The folder that begins there; undefined where the file does. */
function folderAt(path: string, start: number): string | undefined {
  const slash = path.indexOf("/", start);
  return slash < 0 ? undefined : path.slice(start, slash);
}

interface Question extends LayoutOptions {
  readonly tops: Tops;
  readonly named: ReadonlyMap<string, PartName>;
}

/** The part of each folder, `undefined` where they are classes after all; folders that are not in it are passed over. */
function takenForParts(question: Question): ReadonlyMap<string, PartName> | undefined {
  const { tops, named, layout } = question;
  const others = [...tops.keys()].filter((name) => !named.has(name));
  if (layout === "parts" || others.length === 0) return named;
  const [inside, outside] = [countOf(tops, named.keys()), countOf(tops, others)];
  const kinds = new Set(named.values());
  const isNested = [...named.keys()].some((name) => tops.get(name)!.isNested);
  const isLooseOnly = others.length === 1 && others[0] === "";
  // Two parts of one set, and little beside them: a preview, a folder of samples.
  if ((isLooseOnly || (isNested && kinds.size > 1)) && outside <= inside) return named;
  if (kinds.size === 1 && !tops.has("") && others.length > 1) {
    const [kind] = kinds;
    const isFlat = [...tops.values()].every((top) => !top.isNested);
    if (kind === "train" && named.has("train") && isFlat) return undefined; // bus, car, train
    if (kind === "unlabelled") return new Map([...named, ...others.map((name): [string, PartName] => [name, "train"])]);
  }
  throw unclear(question, others);
}

const countOf = (tops: Tops, names: Iterable<string>) =>
  [...names].reduce((sum, name) => sum + tops.get(name)!.count, 0);

function unclear({ tops, named, where, who, noun }: Question, others: readonly string[]): Error {
  const told = (names: readonly string[]) => {
    const shown = names.slice(0, 6).map((name) => `${name || "no folder"}: ${tops.get(name)!.count}`);
    return `${shown.join(", ")}${names.length > shown.length ? ", …" : ""}`;
  };
  return new UsageError(
    `${who}: ${where} holds folders that are named as parts (${noun} in ${told([...named.keys()])}) and others (in ${told(others)}), ` +
      'and may be read in two ways. Choose { layout: "parts" } (the others are passed over) or { layout: "classes" } (each folder is a class).',
  );
}

function inParts(paths: readonly string[], start: number, partOf: ReadonlyMap<string, PartName>): FolderLayout {
  const outside: number[] = [];
  const rows = new Map<PartName, number[]>();
  for (const [row, path] of paths.entries()) {
    const part = partOf.get(folderAt(path, start) ?? "");
    if (part === undefined) outside.push(row);
    else if (rows.has(part)) rows.get(part)!.push(row);
    else rows.set(part, [row]);
  }
  const parts = [...rows].map(([name, ofPart]) => {
    const folders = [...partOf].filter(([, part]) => part === name).map(([folder]) => folder);
    const isNamed = folders.some((folder) => partsAmong(partOf.keys()).has(folder));
    if (!isNamed) return { name, rows: ofPart, idStart: start, className: classAt(paths, () => start) };
    const starts = new Map(folders.map((folder) => [folder, below(paths, ofPart, start, folder)]));
    const className =
      name === "unlabelled" ? () => undefined : classAt(paths, (path) => starts.get(folderAt(path, start)!)!);
    return { name, rows: ofPart, idStart: folders.length === 1 ? start + folders[0]!.length + 1 : 0, className };
  });
  return { parts: sorted(parts), outside, remarks: merged(partOf) };
}

const sorted = (parts: readonly LaidOutPart[]) =>
  [...parts].sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));

/** `train is the folders train, train2` */
function merged(partOf: ReadonlyMap<string, PartName>): string[] {
  const folders = new Map<PartName, string[]>();
  for (const [folder, part] of partOf) folders.set(part, [...(folders.get(part) ?? []), folder || "no folder"]);
  return [...folders].flatMap(([part, names]) =>
    names.length > 1 ? [`${part} is ${names.length} folders together: ${names.slice(0, 6).join(", ")}`] : [],
  );
}

const ORDER: readonly PartName[] = ["all", "train", "validation", "test", "unlabelled"];

/** Where classes begin in a part's folder: after folders that only wrap, as in `train/images/cat` or `training_set/training_set/cat`. */
function below(paths: readonly string[], rows: readonly number[], start: number, folder: string): number {
  const own = rows.filter((row) => folderAt(paths[row]!, start) === folder).map((row) => paths[row]!);
  for (let at = start + folder.length + 1; ; ) {
    const wrapper = folderAt(own[0]!, at);
    if (wrapper === undefined || !(isWrapper(wrapper) || wrapper === folder)) return at;
    if (!own.every((path) => path.startsWith(`${wrapper}/`, at))) return at;
    at += wrapper.length + 1;
  }
}

const classAt = (paths: readonly string[], startOf: (path: string) => number) => (row: number) =>
  folderAt(paths[row]!, startOf(paths[row]!));

function together(paths: readonly string[], start: number): FolderLayout {
  const rows = Array.from(paths.keys());
  const parts = [{ name: "all", rows, idStart: 0, className: classAt(paths, () => start) } as const];
  const isFlat = start > 0 && paths.every((path) => folderAt(path, start) === undefined);
  const only = isFlat ? paths[0]!.slice(0, start - 1) : undefined;
  return { parts, outside: [], remarks: alike(paths, start), ...(only !== undefined && { only }) };
}

/** Folders that hold the same folders each may be folds or people, and what they hold the classes. */
function alike(paths: readonly string[], start: number): string[] {
  const inner = new Map<string, Set<string>>();
  for (const path of paths) {
    const outer = folderAt(path, start);
    const next = outer === undefined ? undefined : folderAt(path, start + outer.length + 1);
    if (next === undefined) return [];
    inner.set(outer!, (inner.get(outer!) ?? new Set()).add(next));
  }
  const [first, ...others] = [...inner.values()].map((names) => [...names].sort().join(", "));
  if (first === undefined || others.length === 0 || !first.includes(", ")) return [];
  if (others.some((names) => names !== first)) return [];
  const outer = [...inner.keys()].slice(0, 4).join(", ");
  return [`each of ${outer} holds the same folders (${first.slice(0, 60)}): the outer ones are taken for the classes`];
}

/** Classes, and perhaps parts in each of them. */
function withoutParts(paths: readonly string[], options: { start: number; tops: Tops } & LayoutOptions): FolderLayout {
  const { start, tops, where, layout, who } = options;
  const second = (path: string) => {
    const top = folderAt(path, start);
    return top === undefined ? undefined : folderAt(path, start + top.length + 1);
  };
  const names = new Set(paths.map(second));
  const parts = new Set([...names].map((name) => (name === undefined ? undefined : partNamed(name))));
  const isDivided = parts.has("train") && (parts.has("test") || parts.has("validation"));
  if (!isDivided) {
    if (layout !== "parts") return together(paths, start);
    throw new UsageError(
      `${who}: ${where} must hold folders named as parts (train, test, val, …) for { layout: "parts" }, got ${[...tops.keys()].slice(0, 8).join(", ") || "none"}.`,
    );
  }
  const isClassFirst =
    !parts.has(undefined) && paths.every((path) => path.split("/").length === depthOf(path, start) + 3);
  if (!isClassFirst) {
    throw new UsageError(
      `${who}: ${where} holds parts inside several folders (${[...tops.keys()].slice(0, 6).join(", ")}): are these sets of their own? ` +
        'Name one of them, or choose { layout: "classes" } (each folder is a class, its parts together).',
    );
  }
  const rows = new Map<PartName, number[]>();
  for (const [row, path] of paths.entries()) {
    const part = partNamed(second(path)!)!;
    rows.set(part, rows.get(part) ?? []);
    rows.get(part)!.push(row);
  }
  const laidOut = [...rows].map(([name, ofPart]) => ({
    name,
    rows: ofPart,
    idStart: 0,
    className: classAt(paths, () => start),
  }));
  return { parts: sorted(laidOut), outside: [], remarks: [] };
}

const depthOf = (path: string, start: number) => path.slice(0, start).split("/").length - 1;
