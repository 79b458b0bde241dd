/**
 * Which recordings are meant by what is known of them: `index<5`, `speaker=george,jackson`, `take!=2`.
 */
import { UsageError } from "@autodidact/core";

export interface FieldCondition {
  readonly field: string;
  /** As it was told. */
  readonly text: string;
  /** Whether the field's value fulfils it; `id` names the recording in errors. */
  holds(value: string, id: string): boolean;
}

const CONDITION = /^\s*([\p{L}_][\p{L}\p{N}_ -]*?)\s*(<=|>=|!=|<|>|=)\s*(.+?)\s*$/u;

/** `=` and `!=` take one value or several with commas between; the others compare numbers. */
export function fieldCondition(text: string): FieldCondition {
  const [, field, sign, value] = CONDITION.exec(text) ?? [];
  if (field === undefined) {
    throw new UsageError(
      `openSounds: test must be a condition on what is known of the recordings, index<5 or speaker=george,jackson, got ${JSON.stringify(text)}.`,
    );
  }
  if (sign === "=" || sign === "!=") {
    const values = value!.split(",").map((one) => one.trim());
    return { field, text, holds: (one) => values.includes(one) === (sign === "=") };
  }
  const bound = numberIn(value!);
  if (bound === undefined) throw new UsageError(`openSounds: test ${text}: ${sign} compares numbers, got ${value}.`);
  const compare = { "<": less, "<=": atMost, ">": more, ">=": atLeast }[sign as "<" | "<=" | ">" | ">="];
  return {
    field,
    text,
    holds(one, id) {
      const number = numberIn(one);
      if (number === undefined)
        throw new UsageError(`openSounds: test ${text}: the ${field} of ${id} must be a number, got ${one}.`);
      return compare(number, bound);
    },
  };
}

const numberIn = (text: string) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined);
const less = (a: number, b: number) => a < b;
const atMost = (a: number, b: number) => a <= b;
const more = (a: number, b: number) => a > b;
const atLeast = (a: number, b: number) => a >= b;
