/**
 * Records for people: one row a contender, one column a score.
 */
import { counted, table } from "@autodidact/core";
import { RAW_NAMES } from "../contender-names.js";
import { FEW_EXAMPLES } from "../wilson.js";
import { caveatsOf } from "./caveats.js";
import { describeLabelFree, describeModelCost } from "./describe-measures.js";
import type { ResultRecord, Score } from "./schema.js";

const percent = (share: number) => (100 * share).toFixed(1);

const METRICS: Readonly<Record<string, string>> = {
  macroF1: "macro F1",
  mcc: "MCC",
  exactMatch: "exact match",
  f1: "F1",
  nats: "loss, nats",
  bitsPerByte: "bits a byte",
  tokensRight: "tokens right",
  pairsRight: "pairs right",
  miou: "mean IoU",
  pixelAccuracy: "pixels right",
  ap: "AP",
  bleu: "BLEU",
  chrf: "chrF",
  ap50: "AP50",
};
const PROTOCOLS: Readonly<Record<string, string>> = {
  knn: "kNN",
  linear: "linear probe",
  "dense-linear": "dense linear probe",
  finetune: "fine-tuned",
};
/** Of so many classes each has a row of its own. */
const MOST_CLASSES = 20;

const shownIn = ({ metric }: Score) => (metric.unit === "share" ? percent : (value: number) => value.toFixed(4));

/** `95.1 (94.6–95.5)` of a share, in percent; over seeds `91.2 ± 0.8 (90.6–91.8)`, of one draw `91.2 ± –`: its spread is not known. */
export function describeScore(score: Score, { isDrawn = false } = {}): string {
  const { value, deviation, interval } = score;
  const shown = shownIn(score);
  const spread = deviation === null ? (isDrawn ? " ± –" : "") : ` ± ${shown(deviation)}`;
  return `${shown(value)}${spread}${interval === null ? "" : ` (${interval.map(shown).join("–")})`}`;
}

export function describeProtocol({ protocol, scores }: ResultRecord): string {
  const { name, settings } = protocol;
  const neighbours = new Set(scores[0].chosen.map(({ kUsed }) => kUsed).filter((k) => k !== undefined));
  const parts = [
    PROTOCOLS[name] ?? name,
    neighbours.size === 0 ? "" : `of ${[...neighbours].join(", ")}`,
    settings.normalize === "batch-norm" ? "after a batch norm" : "",
    settings.layer === undefined ? "" : `on ${/^\d/.test(`${settings.layer}`) ? "layer " : ""}${settings.layer}`,
  ];
  return `${parts.filter(Boolean).join(" ")}, ${describeLabels(protocol)}`;
}

function describeLabels({ labelsPerClass, settings }: ResultRecord["protocol"]): string {
  if (labelsPerClass !== null) return `${counted(labelsPerClass, "labels")} a class`;
  if (typeof settings.labelShare !== "number") return "all labels";
  return `${Number((100 * settings.labelShare).toPrecision(6))} % of the labels (${settings.labels})`;
}

interface Column {
  readonly title: string;
  /** The scores of whoever is compared, in the order of the rows; undefined where it was not measured. */
  readonly scores: readonly (Score | undefined)[];
  /** As it is shown; null where it says nothing. */
  readonly chance: string | null;
  describe(score: Score): string;
}

export interface RecordTableOptions {
  /** How the best of a column is shown: bold, on a terminal. */
  best?(text: string): string;
  /** Where more is to be found than the table holds. */
  readonly more?: string;
}

/** The records are of one encoder on one task. One record shows all its scores, several the headline of each. */
export function recordTable(
  records: readonly ResultRecord[],
  { best = (text) => text, more = "perClass" }: RecordTableOptions = {},
): string {
  const [first] = records;
  const contenders = contendersOf(first!);
  const isOne = records.length === 1;
  const columns = isOne
    ? first!.scores.flatMap((_, place) => columnsOf(first!, place, titleOf(first!, place)))
    : records.flatMap((record) => columnsOf(record, 0, describeProtocol(record)));
  const rows = contenders.flatMap((name, row) =>
    columns.some(({ scores }) => scores[row]) ? [[name, ...columns.map((column) => cell(column, row, best))]] : [],
  );
  if (columns.some(({ chance }) => chance !== null)) {
    rows.push(["chance", ...columns.map(({ chance }) => chance ?? "–")]);
  }
  const parts = [table([cornerOf(first!, isOne), ...columns.map(({ title }) => title)], rows)];
  if (isOne) parts.push(layerTable(first!), classTable(first!, more));
  parts.push([describeModelCost(first!), describeLabelFree(first!.labelFree)].filter(Boolean).join("\n"));
  parts.push(caveatsOf(first!).join("\n"));
  return parts.filter(Boolean).join("\n\n");
}

function contendersOf({ kind, subject, task }: ResultRecord): string[] {
  const raw = kind === "tokens" ? "token frequencies" : RAW_NAMES[task.modality];
  return [`${subject.method}, pretrained`, raw, "random init", "from scratch"];
}

/** Beside nats stands the perplexity, which is exp of them. */
function columnsOf({ scores, baselines, protocol }: ResultRecord, place: number, title: string): Column[] {
  const score = scores[place]!;
  const { metric } = score;
  const named = (all: readonly Score[] | null) => all?.find((other) => other.metric.name === metric.name);
  const compared = [scores, baselines.rawFeatures, baselines.randomInit, baselines.fromScratch].map(named);
  const isDrawn = protocol.labelsPerClass !== null || protocol.settings.labelShare !== undefined;
  const column: Column = {
    title,
    scores: compared,
    chance: score.chance === null ? null : shownIn(score)(score.chance),
    describe: (other) => describeScore(other, { isDrawn }),
  };
  if (metric.name !== "nats") return [column];
  return [column, { ...column, title: "perplexity", describe: ({ value }) => perplexity(value) }];
}

function perplexity(nats: number): string {
  const value = Math.exp(nats);
  return value < 1e5 ? value.toFixed(2) : value.toExponential(2);
}

/** A small test set is told where the eye is: `accuracy, % (n 18)`. */
function titleOf({ scores, kind, task }: ResultRecord, place: number): string {
  const { metric } = scores[place]!;
  const name = METRICS[metric.name] ?? metric.name;
  const isCounted = ["classes", "sequences", "labels", "dense", "boxes"].includes(kind);
  const n = isCounted && place === 0 && task.test.examples < FEW_EXAMPLES ? ` (n ${task.test.examples})` : "";
  return `${metric.unit === "share" ? `${name}, %` : name}${n}`;
}

/** Over the contenders: how they were asked, or what all columns are in. */
function cornerOf(record: ResultRecord, isOne: boolean): string {
  if (record.kind !== "classes") return "";
  return isOne ? describeProtocol(record) : "accuracy, %";
}

function cell({ scores, describe }: Column, row: number, best: (text: string) => string): string {
  const score = scores[row];
  if (score === undefined) return "–";
  const sign = score.metric.better === "higher" ? 1 : -1;
  const isBest = scores.every((other) => other === undefined || sign * (score.value - other.value) >= 0);
  return isBest ? best(describe(score)) : describe(score);
}

/** What each layer counts for in a learned sum of them, mean over seeds; empty where none was learned. Raw features have one layer. */
function layerTable(record: ResultRecord): string {
  const { scores, baselines } = record;
  const [pretrained, , untrained] = contendersOf(record);
  const shares = [scores, baselines.randomInit].map((all) => all && layerShares(all[0]));
  const [own] = shares;
  if (!own || own.length === 0) return "";
  const rows = [pretrained!, untrained!].flatMap((name, i) => {
    return shares[i] ? [[name, ...shares[i].map(percent)]] : [];
  });
  return table(["share of each layer, %", ...own.map((_, layer) => String(layer))], rows);
}

function layerShares({ chosen }: Score): number[] {
  const layers = Object.keys(chosen[0] ?? {}).filter((name) => /^layer\d+$/.test(name));
  return layers.map((name) => chosen.reduce((sum, own) => sum + own[name]! / chosen.length, 0));
}

/** Each class of what was pretrained; empty where there are none, or too many to be read. */
function classTable({ scores, protocol: { labelsPerClass }, task: { classes } }: ResultRecord, more: string): string {
  const perClass = scores.find((score) => score.perClass !== undefined)?.perClass;
  if (classes === null || perClass === undefined) return "";
  if (classes.length > MOST_CLASSES) return `Each of the ${classes.length} classes is in the record: ${more}`;
  const hasIou = perClass.every(({ iou }) => iou !== undefined);
  const rows = perClass.map(({ learnedFrom, examples, precision, recall, f1, iou }, label) => {
    const shares = iou === undefined ? [precision, recall, f1] : [precision, recall, f1, iou];
    return [
      classes[label] ?? String(label),
      String(labelsPerClass ?? learnedFrom),
      String(examples),
      ...shares.map((share) => (examples === 0 ? "–" : percent(share))),
    ];
  });
  const shares = ["precision, %", "recall, %", "F1, %", ...(hasIou ? ["IoU, %"] : [])];
  return table(["pretrained, class by class", "training", "test", ...shares], rows);
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
