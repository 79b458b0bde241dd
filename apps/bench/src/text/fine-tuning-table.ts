/**
 * Scores of fine-tuning for people: a row a contender, mean and deviation over seeds; the better one is bold.
 */
import { type FineTuningContender, fineTuningContenders } from "@autodidact/text";
import pc from "picocolors";
import { table } from "../table.js";

export const percent = (share: number) => (100 * share).toFixed(1);

/** Each score by its column's title, from 0 to 1; the last decides who is better. `more` are rows without a contender. */
export function fineTuningTable<Result extends { contender: FineTuningContender }>(
  title: string,
  results: readonly Result[],
  scores: Readonly<Record<string, (result: Result) => number>>,
  more: readonly string[][] = [],
): string {
  const of = (name: FineTuningContender, score: (result: Result) => number) =>
    results.filter(({ contender }) => contender === name).map(score);
  const deciding = Object.values(scores).at(-1)!;
  const best = Math.max(...fineTuningContenders.map((name) => mean(of(name, deciding))));
  const rows = fineTuningContenders.map((name) => {
    const cells = Object.values(scores).map((score) => summary(of(name, score)));
    return [name, ...(mean(of(name, deciding)) === best ? cells.map((cell) => pc.bold(cell)) : cells)];
  });
  return table([title, ...Object.keys(scores)], [...rows, ...more]);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** `81.2`, over seeds `81.2 ± 0.4`. */
function summary(values: readonly number[]): string {
  const centre = mean(values);
  if (values.length < 2) return percent(centre);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  return `${percent(centre)} ± ${percent(Math.sqrt(variance))}`;
}
