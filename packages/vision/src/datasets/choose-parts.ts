/**
 * Which parts of a set are meant.
 */
import type { PartName } from "@autodidact/core";
import type { LayoutOptions } from "./image-layout.js";
import type { ImagePart, ImageSet } from "./image-set.js";

export function partsOf(
  { where, who = "openImages" }: Pick<LayoutOptions, "where" | "who">,
  { parts }: ImageSet,
  asked: PartName | readonly PartName[] | undefined,
): readonly ImagePart[] {
  const told = parts.map(({ name, length }) => `${name} (${length})`).join(", ");
  if (asked === undefined) {
    if (parts.length === 1) return parts;
    throw new Error(
      `${who}: ${where} ${where.startsWith("the ") ? "hold" : "holds"} the parts ${told}. Choose one with split.`,
    );
  }
  return [asked].flat().map((name) => {
    const part = parts.find((other) => other.name === name);
    if (part !== undefined) return part;
    throw new Error(`${who}: ${where} must hold a ${name} part, got ${told}.`);
  });
}
