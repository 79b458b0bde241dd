/**
 * Scores for people: one row a contender, one column a protocol, in percent. The best of a column is bold.
 */
import type { ResultRecord, Score } from "@autodidact/evaluate";
import pc from "picocolors";
import { RAW_NAMES } from "./evaluation.js";
import { table } from "./table.js";

const percent = (share: number) => (100 * share).toFixed(1);

/** `95.1 (94.6–95.5)`, over seeds `91.2 ± 0.8 (90.6–91.8)`. */
export function describeScore({ value, deviation, interval }: Score): string {
  const spread = deviation === null ? "" : ` ± ${percent(deviation)}`;
  return `${percent(value)}${spread}${interval === null ? "" : ` (${interval.map(percent).join("–")})`}`;
}

export function describeProtocol({ protocol }: ResultRecord): string {
  const names: Record<string, string> = { knn: "kNN", linear: "linear probe" };
  const labels = protocol.labelsPerClass === null ? "all labels" : `${protocol.labelsPerClass} labels a class`;
  return `${names[protocol.name] ?? protocol.name}, ${labels}`;
}

/** The records are of one encoder on one task; shown is the headline of each. */
export function scoreTable(records: readonly ResultRecord[]): string {
  const [first] = records;
  const contenders: [string, (record: ResultRecord) => Score | undefined][] = [
    [`${first!.subject.method}, pretrained`, ({ scores }) => scores[0]],
    [RAW_NAMES[first!.task.modality], ({ baselines }) => baselines.rawFeatures?.[0]],
    ["random init", ({ baselines }) => baselines.randomInit?.[0]],
  ];
  const rows = contenders.map(([name, scoreOf]) => [
    name,
    ...records.map((record) => {
      const score = scoreOf(record);
      if (score === undefined) return "–";
      const best = contenders.every(([, other]) => (other(record)?.value ?? 0) <= score.value);
      return best ? pc.bold(describeScore(score)) : describeScore(score);
    }),
  ]);
  const chance = [
    "chance",
    ...records.map(({ scores }) => (scores[0].chance === null ? "–" : percent(scores[0].chance))),
  ];
  return table(["accuracy, %", ...records.map(describeProtocol)], [...rows, chance]);
}

/** The protocols in which learning was not worth it. */
export function rawFeaturesWin(records: readonly ResultRecord[]): string[] {
  return records
    .filter(({ scores, baselines }) => (baselines.rawFeatures?.[0].value ?? 0) > scores[0].value)
    .map(describeProtocol);
}
