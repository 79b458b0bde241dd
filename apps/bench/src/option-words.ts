/**
 * The packages name their options, the command its own: what is refused says what to type.
 */
import type { LiveLine } from "@autodidact/core";

/** `queueSize` is `--queue-size`. */
export const flagOf = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What the command calls the places that the packages write to and read from. */
export const OUT_AND_DATA = { out: "--out", data: "--data" };

/** `{ encoding: "latin1" }` and `patchSize`, as a package's message has them, as the command takes them: `--encoding latin1`, `--patch-size`. */
export function inFlags(message: string): string {
  const named = message.replaceAll(/`([a-z]\w*)`/gi, (_, name: string) => flagOf(name));
  return named.replaceAll(/\{ (\w+): ("(?:[^"\\]|\\.)*"|[\w.]+|…) \}/g, (_, name: string, value: string) => {
    return `${flagOf(name)} ${typedAs(value)}`;
  });
}

function typedAs(value: string): string {
  if (value === "true") return "yes";
  if (value === "false") return "no";
  if (!value.startsWith('"')) return value;
  const text = JSON.parse(value) as string;
  return /^[\w./-]+$/.test(text) ? text : value;
}

/** The same failure, told with the command's options. */
export function failureInFlags(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const told = inFlags(error.message);
  if (told !== error.message) error.message = told; // of some errors it cannot be set
  return error;
}

export async function toldInFlags<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw failureInFlags(error);
  }
}

/** The same of work that is done at once. */
export function settledInFlags<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw failureInFlags(error);
  }
}

/** What stays to be read, told with the command's options. */
export const lineInFlags = (line: LiveLine): LiveLine => ({ ...line, print: (text) => line.print(inFlags(text)) });
