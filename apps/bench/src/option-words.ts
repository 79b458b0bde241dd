/**
 * The packages name their options, the command its own: what is refused says what to type.
 */
import type { Place } from "@autodidact/core";
import type { RunSettings, SettledPlan } from "@autodidact/core/cards";

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
  if (error instanceof Error) error.message = inFlags(error.message);
  return error;
}

export async function toldInFlags<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw failureInFlags(error);
  }
}

/** The same of what comes one after the other. */
export async function* eachInFlags<Value>(work: AsyncIterable<Value>): AsyncGenerator<Value, void> {
  try {
    yield* work;
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

/** The plan of a package, told with the command's options: what is refused, what is remarked of the data, what is printed. */
export async function planInFlags<Settings extends RunSettings>(
  planning: Promise<SettledPlan<Settings>>,
): Promise<SettledPlan<Settings>> {
  const { found, settle, takeBack } = await toldInFlags(planning);
  return {
    found: found && { ...found, remarks: found.remarks?.map(inFlags) },
    settle: (place) => toldInFlags(settle(placeInFlags(place))),
    takeBack,
  };
}

/** A run's place, where what is printed is told with the command's options. */
export function placeInFlags(place: Place): Place {
  const { line } = place;
  return { ...place, line: { ...line, print: (text) => line.print(inFlags(text)) } };
}
