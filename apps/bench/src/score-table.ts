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
  return `${percent(value)}${spread} (${interval.map(percent).join("–")})`;
}

export function describeProtocol({ protocol }: ResultRecord): string {
  const names: Record<string, string> = { knn: "kNN", linear: "linear probe" };
  const labels = protocol.labelsPerClass === null ? "all labels" : `${protocol.labelsPerClass} labels a class`;
  return `${names[protocol.name] ?? protocol.name}, ${labels}`;
}

/** The records are of one encoder on one task. */
export function scoreTable(records: readonly ResultRecord[]): string {
  const [first] = records;
  const contenders: [string, (record: ResultRecord) => Score][] = [
    [`${first!.subject.method}, pretrained`, (record) => record.score],
    [RAW_NAMES[first!.task.modality], (record) => record.baselines.rawFeatures],
    ["random init", (record) => record.baselines.randomInit],
  ];
  const rows = contenders.map(([name, scoreOf]) => [
    name,
    ...records.map((record) => {
      const score = scoreOf(record);
      const best = contenders.every(([, other]) => other(record).value <= score.value);
      return best ? pc.bold(describeScore(score)) : describeScore(score);
    }),
  ]);
  const chance = ["chance", ...records.map((record) => percent(record.chance))];
  return table(["accuracy, %", ...records.map(describeProtocol)], [...rows, chance]);
}

/** The protocols in which learning was not worth it. */
export function rawFeaturesWin(records: readonly ResultRecord[]): string[] {
  return records.filter(({ score, baselines }) => baselines.rawFeatures.value > score.value).map(describeProtocol);
}
