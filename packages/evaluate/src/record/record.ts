/**
 * One result as one self-contained JSON record, addressed by its content: what was measured, on what, by which
 * protocol, with which scores beside which baselines, at what cost, where.
 */
import { canonicalJson, contentHash } from "./content-address.js";
import { body, checkedBy, type ResultBody, type ResultRecord, resultRecordSchema } from "./schema.js";
import { lift, lower, version1 } from "./version-1.js";

/** Checks a result and addresses it: the id is the hash of everything else. */
export function resultRecord(result: Omit<ResultBody, "schema">): ResultRecord {
  const checked = checkedBy(body, { schema: "autodidact.result/2", ...result }, "resultRecord");
  return { ...checked, id: contentHash(checked) };
}

/** One line of JSON, keys in order: the same record is the same text, and one that was read as version 1 is so again. */
export function formatRecord(record: ResultRecord): string {
  if (hasOwnId(record)) return canonicalJson(record);
  const old = lower(record);
  if (old !== undefined && hasOwnId(old)) return canonicalJson(old);
  throw changed("formatRecord", record);
}

/** Reads what `formatRecord` wrote, of this version or the first; refuses a record that was changed afterwards. */
export function parseRecord(text: string): ResultRecord {
  const value: unknown = JSON.parse(text);
  const isFirst = (value as { schema?: unknown } | null)?.schema === "autodidact.result/1";
  if (isFirst) return lift(unchanged(checkedBy(version1, value, "parseRecord")));
  return unchanged(checkedBy(resultRecordSchema, value, "parseRecord"));
}

function unchanged<T extends { readonly id: string }>(record: T): T {
  if (!hasOwnId(record)) throw changed("parseRecord", record);
  return record;
}

function hasOwnId({ id, ...content }: { readonly id: string }): boolean {
  return id === contentHash(content);
}

function changed(who: string, { id, ...content }: { readonly id: string }): Error {
  return new Error(
    `${who}: the record must have the id of its content, ${contentHash(content)}, got ${id}. It was changed after it was written: measure again.`,
  );
}
