/**
 * From what was typed to what is asked for.
 */
import type { FieldView, PretrainRequest } from "../../api.js";

/** What differs from the card: an emptied field means the usual value, as an option that is not typed does. */
export function changedOptions(
  fields: readonly FieldView[],
  typed: PretrainRequest["options"],
): PretrainRequest["options"] {
  const changed = fields.flatMap(({ name, usual, unit }): [string, string | boolean][] => {
    const value = Object.hasOwn(typed, name) ? typed[name] : undefined;
    if (value === undefined || value === "") return [];
    const isUsual = unit === null ? value === (usual === "true") : value === usual;
    return isUsual ? [] : [[name, typeof value === "string" ? value.trim() : value]];
  });
  return Object.fromEntries(changed);
}

/** `simclr`, `photos/2024` → `simclr-photos-2024` */
export function suggestedName(method: string, data: string): string {
  return `${method}-${data}`.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "");
}
