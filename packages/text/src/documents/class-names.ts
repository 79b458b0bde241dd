/**
 * Classes by the labels that are written in a table: `1` and `1.0` are one class where all labels are numbers, `True` and `TRUE` where all
 * are true or false.
 */
import { isNumber } from "./column-contents.js";

export interface ClassNames {
  /** In the order of their names, or of their numbers. */
  readonly classes: readonly string[];
  /** The class that a label names. */
  classOf(label: string): string;
}

const TRUTH = /^(true|false)$/i;

export function classNames(labels: Iterable<string>): ClassNames {
  const written = [...new Set(labels)];
  if (written.length > 0 && written.every(isNumber)) {
    const classOf = (label: string) => (isNumber(label) ? String(Number(label) + 0) : label);
    return { classOf, classes: distinct(written.map(classOf)).sort((a, b) => Number(a) - Number(b)) };
  }
  const isTruth = written.length > 0 && written.every((label) => TRUTH.test(label));
  const classOf = (label: string) => (isTruth && TRUTH.test(label) ? label.toLowerCase() : label);
  return { classOf, classes: distinct(written.map(classOf)).sort() }; // by UTF-16 units: the same on every machine
}

const distinct = (names: readonly string[]) => [...new Set(names)];
