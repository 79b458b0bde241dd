/**
 * Records for people: one row a contender, one column a score. The best of a column is bold.
 */
import type { ResultRecord, Score } from "@autodidact/evaluate";
import pc from "picocolors";
import { RAW_NAMES } from "./evaluation.js";
import { table } from "./table.js";

const percent = (share: number) => (100 * share).toFixed(1);

const METRICS: Readonly<Record<string, string>> = {
  exactMatch: "exact match",
  f1: "F1",
  nats: "loss, nats",
  bitsPerByte: "bits a byte",
  tokensRight: "tokens right",
  pairsRight: "pairs right",
};
const PROTOCOLS: Readonly<Record<string, string>> = { knn: "kNN", linear: "linear probe", finetune: "fine-tuned" };

/** `95.1 (94.6–95.5)` of a share, in percent; over seeds `91.2 ± 0.8 (90.6–91.8)`. */
export function describeScore({ metric, value, deviation, interval }: Score): string {
  const shown = metric.unit === "share" ? percent : (number: number) => number.toFixed(4);
  const spread = deviation === null ? "" : ` ± ${shown(deviation)}`;
  return `${shown(value)}${spread}${interval === null ? "" : ` (${interval.map(shown).join("–")})`}`;
}

export function describeProtocol({ protocol }: ResultRecord): string {
  const labels = protocol.labelsPerClass === null ? "all labels" : `${protocol.labelsPerClass} labels a class`;
  return `${PROTOCOLS[protocol.name] ?? protocol.name}, ${labels}`;
}

interface Column {
  readonly title: string;
  /** The scores of whoever is compared, in the order of the rows; undefined where it was not measured. */
  readonly scores: readonly (Score | undefined)[];
  readonly chance: number | null;
  describe(score: Score): string;
}

/** The records are of one encoder on one task. One record shows all its scores, several the headline of each. */
export function recordTable(records: readonly ResultRecord[]): string {
  const [first] = records;
  const contenders = contendersOf(first!);
  const columns =
    records.length === 1
      ? first!.scores.flatMap((_, place) => columnsOf(first!, place, titleOf(first!, place)))
      : records.flatMap((record) => columnsOf(record, 0, describeProtocol(record)));
  const rows = contenders.flatMap((name, row) =>
    columns.some(({ scores }) => scores[row]) ? [[name, ...columns.map((column) => cell(column, row))]] : [],
  );
  if (columns.some(({ chance }) => chance !== null)) {
    rows.push(["chance", ...columns.map(({ chance }) => (chance === null ? "–" : percent(chance)))]);
  }
  return table([unitOf(first!), ...columns.map(({ title }) => title)], rows);
}

function contendersOf({ kind, subject, task }: ResultRecord): string[] {
  const raw = kind === "tokens" ? "token frequencies" : RAW_NAMES[task.modality];
  return [`${subject.method}, pretrained`, raw, "random init", "from scratch"];
}

/** Beside nats stands the perplexity, which is exp of them. */
function columnsOf({ scores, baselines }: ResultRecord, place: number, title: string): Column[] {
  const { metric, chance } = scores[place]!;
  const named = (all: readonly Score[] | null) => all?.find((score) => score.metric.name === metric.name);
  const compared = [scores, baselines.rawFeatures, baselines.randomInit, baselines.fromScratch].map(named);
  const column = { title, scores: compared, chance, describe: describeScore };
  if (metric.name !== "nats") return [column];
  return [column, { ...column, title: "perplexity", describe: ({ value }) => perplexity(value) }];
}

function perplexity(nats: number): string {
  const value = Math.exp(nats);
  return value < 1e5 ? value.toFixed(2) : value.toExponential(2);
}

function titleOf(record: ResultRecord, place: number): string {
  const { metric } = record.scores[place]!;
  if (record.kind === "classes") return describeProtocol(record);
  const name = METRICS[metric.name] ?? metric.name;
  return metric.unit === "share" ? `${name}, %` : name;
}

/** What the columns of classes are in. */
const unitOf = ({ kind }: ResultRecord) => (kind === "classes" ? "accuracy, %" : "");

function cell({ scores, describe }: Column, row: number): string {
  const score = scores[row];
  if (score === undefined) return "–";
  const sign = score.metric.better === "higher" ? 1 : -1;
  const isBest = scores.every((other) => other === undefined || sign * (score.value - other.value) >= 0);
  return isBest ? pc.bold(describe(score)) : describe(score);
}

/** The protocols in which learning was not worth it. */
export function rawFeaturesWin(records: readonly ResultRecord[]): string[] {
  return records
    .filter(({ scores, baselines }) => {
      const raw = baselines.rawFeatures?.[0].value;
      if (raw === undefined) return false;
      return scores[0].metric.better === "higher" ? raw > scores[0].value : raw < scores[0].value;
    })
    .map(describeProtocol);
}
