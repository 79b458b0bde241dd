/**
 * A store as one flat table: a row for each score of each result, and one for each cell that failed. What is exported, and what an index is made of.
 */
import type { TableColumn } from "@autodidact/core";
import type { ResultRecord, Score } from "../record/schema.js";
import { type CellRecord, resultsOf } from "./cell-record.js";

type Place = { readonly cell: CellRecord; readonly record?: ResultRecord; readonly score?: Score };
type Column = readonly [
  name: string,
  type: TableColumn["type"],
  of: (place: Place) => string | number | null | undefined,
];

const baseline = (name: keyof ResultRecord["baselines"]) => (place: Place) =>
  place.record?.baselines[name]?.find(({ metric }) => metric.name === place.score?.metric.name)?.value;

const COLUMNS: readonly Column[] = [
  ["cell", "text", ({ cell }) => cell.key],
  ["status", "text", ({ cell }) => cell.outcome.status],
  ["encoder", "text", ({ cell }) => cell.cell.encoder.name],
  ["encoder_hash", "text", ({ cell }) => cell.cell.encoder.hash],
  ["method", "text", ({ record }) => record?.subject.method],
  ["weights", "text", ({ record }) => record?.subject.weights],
  ["step", "number", ({ record }) => record?.subject.step],
  ["task", "text", ({ cell }) => cell.cell.task.name],
  ["task_version", "number", ({ cell }) => cell.cell.task.version],
  ["modality", "text", ({ cell }) => cell.cell.task.modality],
  ["data", "text", ({ cell }) => cell.cell.task.data],
  ["protocol", "text", ({ cell }) => cell.cell.task.protocol.name],
  ["protocol_version", "number", ({ cell }) => cell.cell.task.protocol.version],
  ["label_share", "number", ({ record }) => record && labelShareIn(record)],
  ["labels_per_class", "number", ({ record }) => record?.protocol.labelsPerClass],
  ["test_examples", "number", ({ record }) => record?.task.test.examples],
  ["metric", "text", ({ score }) => score?.metric.name],
  ["unit", "text", ({ score }) => score?.metric.unit],
  ["better", "text", ({ score }) => score?.metric.better],
  ["value", "number", ({ score }) => score?.value],
  ["low", "number", ({ score }) => score?.interval?.[0]],
  ["high", "number", ({ score }) => score?.interval?.[1]],
  ["deviation", "number", ({ score }) => score?.deviation],
  ["seeds", "number", ({ score }) => score?.seeds.length],
  ["chance", "number", ({ score }) => score?.chance],
  ["raw_features", "number", baseline("rawFeatures")],
  ["random_init", "number", baseline("randomInit")],
  ["from_scratch", "number", baseline("fromScratch")],
  ["wall_seconds", "number", ({ record, cell }) => record?.cost.wallSeconds ?? cell.wallSeconds],
  ["cpu_seconds", "number", ({ record }) => record?.cost.cpuSeconds],
  ["peak_memory_bytes", "number", ({ record }) => record?.cost.peakMemoryBytes],
  ["flops", "number", ({ record }) => record?.cost.flops],
  ["parameters", "number", ({ record }) => record?.cost.parameters],
  ["energy_joules", "number", ({ record }) => record?.cost.energy?.joules],
  ["rank_me", "number", ({ record }) => record?.labelFree?.rankMe],
  ["alpha_req", "number", ({ record }) => record?.labelFree?.alphaReq],
  ["uniformity", "number", ({ record }) => record?.labelFree?.uniformity],
  ["engine", "text", ({ record }) => record?.environment.engine],
  ["error", "text", ({ cell }) => (cell.outcome.status === "failed" ? cell.outcome.error : null)],
  ["created_at", "text", ({ cell, record }) => record?.createdAt ?? cell.createdAt],
  ["predictions", "text", ({ cell, record }) => resultsOf(cell).find((own) => own.record === record)?.predictions],
];

/** 1 of all labels; null of so many a class, and of what learns from no labels. */
export function labelShareIn({ protocol, task }: ResultRecord): number | null {
  if (protocol.labelsPerClass !== null || task.train === null) return null;
  const { labelShare } = protocol.settings;
  return typeof labelShare === "number" ? labelShare : 1;
}

/** In the order of the cells; what a row does not have is null. */
export function resultColumns(cells: readonly CellRecord[]): TableColumn[] {
  const rows = cells.flatMap((cell): Place[] => {
    const results = resultsOf(cell);
    if (results.length === 0) return [{ cell }];
    return results.flatMap(({ record }) => record.scores.map((score) => ({ cell, record, score })));
  });
  return COLUMNS.map(([name, type, of]) => ({ name, type, values: rows.map((place) => of(place) ?? null) }));
}
