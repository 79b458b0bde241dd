/**
 * Which parts of a set are meant.
 */

import { UsageError } from "../usage-error.js";
import type { PartName } from "./found-data.js";

export interface PartQuestion {
  /** Who was asked, for errors: "openImages". */
  readonly who: string;
  /** The data's path, for errors. */
  readonly where: string;
}

/** Several where several are asked for; the one that there is where none is. */
export function partsOf<Part extends { readonly name: PartName; readonly length: number }>(
  { who, where }: PartQuestion,
  parts: readonly Part[],
  asked: PartName | readonly PartName[] | undefined,
): readonly Part[] {
  const told = parts.map(({ name, length }) => `${name} (${length})`).join(", ");
  if (asked === undefined) {
    if (parts.length === 1) return parts;
    throw new UsageError(
      `${who}: ${where} ${where.startsWith("the ") ? "hold" : "holds"} the parts ${told}. Choose one with split.`,
    );
  }
  return [asked].flat().map((name) => {
    const part = parts.find((other) => other.name === name);
    if (part !== undefined) return part;
    throw new UsageError(`${who}: ${where} must hold a ${name} part, got ${told}.`);
  });
}
