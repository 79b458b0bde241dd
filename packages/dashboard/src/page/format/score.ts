/**
 * Scores as the command line writes them: a share in percent with one decimal, anything else with four, the interval in brackets.
 */
import type { ScoreView } from "../../api.js";

export function describeValue(value: number | null, unit: string): string {
  if (value === null) return "–";
  return unit === "share" ? (100 * value).toFixed(1) : value.toFixed(4);
}

export function describeInterval(interval: readonly [number, number] | null, unit: string): string {
  return interval === null ? "" : `(${interval.map((end) => describeValue(end, unit)).join("–")})`;
}

/** `95.1 (94.6–95.5)` */
export function describeScore({ value, interval, unit }: Pick<ScoreView, "value" | "interval" | "unit">): string {
  return [describeValue(value, unit), describeInterval(interval, unit)].filter(Boolean).join(" ");
}

/** `accuracy, %` */
export function describeMetric({ metric, unit }: Pick<ScoreView, "metric" | "unit">): string {
  const words = wordsOf(metric);
  if (unit === "share") return `${words}, %`;
  return unit === "" || unit === metric ? words : `${words}, ${unit}`;
}

/** `2 (1–3)` */
export function describeRank(rank: number, interval: readonly [number, number] | null): string {
  return interval === null ? `${rank}` : `${rank} (${interval.map((end) => Number(end.toFixed(1))).join("–")})`;
}

/** A difference of shares is in points, and always has its sign. */
export function describeDifference(difference: number, unit: string): string {
  const text = describeValue(Math.abs(difference), unit);
  return `${difference < 0 ? "−" : "+"}${text}`;
}

/** `macroF1` → `macro F1`, `learningRate` → `learning rate`, `samplesPerSecond` → `samples per second` */
export function wordsOf(name: string): string {
  return name.replace(/(?<=[a-z0-9])([A-Z])([a-z]*)/g, (_, letter: string, rest: string) =>
    rest === "" ? ` ${letter}` : ` ${letter.toLowerCase()}${rest}`,
  );
}
