/**
 * What a look at all of the data tells, in lines for people.
 */
import { counted, grouped } from "../lines/grouped.js";
import { describeFoundData, type FoundData } from "./found-data.js";
import type { Duplicate, Inspection } from "./inspection.js";

const BAR_WIDTH = 24;
/** Of more classes the largest and the smallest are shown. */
const CLASSES_SHOWN = 24;
const SIZES_SHOWN = 8;
const PAIRS_SHOWN = 20;

/** `noun` are what its examples are called: "images". */
export function describeInspection({ found, broken, sizes, duplicates }: Inspection, noun: string): string[] {
  return [
    ...describeFoundData(found, noun),
    ...found.parts.flatMap((part) => balance(part, found.classes)),
    ...headed("sizes", describeSizes(sizes)),
    ...headed(duplicatesHead(duplicates, noun), duplicates.slice(0, PAIRS_SHOWN).map(describePair)),
    ...headed(broken.length === 0 ? `no broken ${noun}` : `broken: ${counted(broken.length, noun)}`, [
      ...broken.map(({ message }) => message),
    ]),
  ];
}

const headed = (head: string, lines: readonly string[]) => ["", head, ...lines.map((line) => `  ${line}`)];

/** A bar a class, as long as the class is large beside the largest. */
function balance({ name, perClass }: FoundData["parts"][number], classes: readonly string[]): string[] {
  if (perClass.length === 0) return [];
  const most = perClass.reduce((large, count) => Math.max(large, count), 0);
  const width = classes.reduce((long, label) => Math.max(long, label.length), 0);
  const digits = grouped(most).length;
  const bars = classes.map((label, place) => {
    const count = perClass[place] ?? 0;
    const bar = "█".repeat(count === 0 ? 0 : Math.max(1, Math.round((BAR_WIDTH * count) / most)));
    return `${label.padEnd(width)}  ${grouped(count).padStart(digits)}  ${bar}`.trimEnd();
  });
  return headed(`classes of ${name}`, bars.length <= CLASSES_SHOWN ? bars : ends(bars, perClass));
}

/** The largest and the smallest, in this order. */
function ends(bars: readonly string[], perClass: readonly number[]): string[] {
  const order = [...bars.keys()].sort((a, b) => (perClass[b] ?? 0) - (perClass[a] ?? 0));
  const half = CLASSES_SHOWN / 2;
  const shown = (places: readonly number[]) => places.map((place) => bars[place]!);
  const between = `… ${counted(bars.length - CLASSES_SHOWN, "classes")} between`;
  return [...shown(order.slice(0, half)), between, ...shown(order.slice(-half))];
}

function describeSizes(sizes: Inspection["sizes"]): string[] {
  const lines = sizes.slice(0, SIZES_SHOWN).map(({ size, count }) => `${size}: ${grouped(count)}`);
  const others = sizes.slice(SIZES_SHOWN);
  const left = others.reduce((sum, { count }) => sum + count, 0);
  return left === 0 ? lines : [...lines, `${counted(others.length, "other sizes")}: ${grouped(left)}`];
}

function duplicatesHead(pairs: readonly Duplicate[], noun: string): string {
  if (pairs.length === 0) return `no ${noun} that stand there twice`;
  const across = pairs.filter(({ first, second }) => first.part !== second.part).length;
  const exact = pairs.filter(({ isExact }) => isExact).length;
  const told = `${counted(pairs.length, "pairs")} alike: ${grouped(exact)} the same, ${grouped(pairs.length - exact)} nearly so`;
  const leak = across === 0 ? "" : `; ${grouped(across)} across parts, which make a test score too good`;
  const some = pairs.length > PAIRS_SHOWN ? `; the first ${PAIRS_SHOWN}` : "";
  return `${told}${leak}${some}`;
}

function describePair({ first, second, isExact }: Duplicate): string {
  return `${placeOf(first)} ${isExact ? "=" : "≈"} ${placeOf(second)}`;
}

/** An id that begins with its part tells it already. */
const placeOf = ({ id, part }: Duplicate["first"]) => (id.startsWith(`${part}/`) ? id : `${part} ${id}`);
