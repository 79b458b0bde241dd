/**
 * What became of a cell: its results, or its error. One line of a store's journal, addressed by its content.
 */
import { z } from "zod";
import { canonicalJson, contentHash } from "../record/content-address.js";
import { checkedBy, hash, resultRecordSchema } from "../record/schema.js";
import { cellKey, cellSchema } from "../suite/cell.js";

const result = z.strictObject({
  record: resultRecordSchema,
  /** The hash of what was answered; null where answers are no classes. */
  predictions: hash.nullable(),
});

const body = z.strictObject({
  schema: z.literal("autodidact.cell/1"),
  key: hash,
  cell: cellSchema,
  outcome: z.discriminatedUnion("status", [
    /** A result for each of the task's label budgets, in their order. */
    z.strictObject({ status: z.literal("done"), results: z.array(result).min(1) }),
    z.strictObject({ status: z.literal("failed"), error: z.string().min(1) }),
  ]),
  /** Of the cell's process, from its start. */
  wallSeconds: z.number().nonnegative(),
  createdAt: z.iso.datetime(),
});

const cellRecordSchema = body.extend({ id: hash });

export type CellRecord = z.infer<typeof cellRecordSchema>;
export type CellResult = z.infer<typeof result>;

export function cellRecord(told: Pick<CellRecord, "cell" | "outcome" | "wallSeconds" | "createdAt">): CellRecord {
  const checked = checkedBy(
    body,
    { schema: "autodidact.cell/1", key: cellKey(told.cell), ...told },
    "cellRecord",
    "the record of a cell",
  );
  return { ...checked, id: contentHash(checked) };
}

/** One line of JSON, keys in order. */
export function formatCell(record: CellRecord): string {
  return canonicalJson(record);
}

/** Refuses what was changed after it was written, the cell or a result within. */
export function parseCell(text: string): CellRecord {
  const record = checkedBy(cellRecordSchema, JSON.parse(text), "parseCell", "the record of a cell");
  const { id, ...content } = record;
  if (id !== contentHash(content) || record.key !== cellKey(record.cell))
    throw new Error(
      `parseCell: the cell must have the id of its content, got ${id}. It was changed after it was written: run it again.`,
    );
  return record;
}

/** None of a cell that failed. */
export const resultsOf = ({ outcome }: CellRecord): readonly CellResult[] =>
  outcome.status === "done" ? outcome.results : [];
