/**
 * A stretch of time as it is typed: `90s`, `20m`, `2h`, `1h30m`.
 */
import { InvalidArgumentError } from "commander";

const PATTERN = /^(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m)?(?:(?<s>\d+(?:\.\d+)?)s)?$/;

/** Seconds, above 0. */
export function parseBudget(typed: string): number {
  const { h = "0", m = "0", s = "0" } = PATTERN.exec(typed.trim())?.groups ?? {};
  const seconds = 3600 * Number(h) + 60 * Number(m) + Number(s);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError("It must be a time above 0 with its unit: 90s, 20m, 2h.");
}

/** The shortest text that `parseBudget` reads as so much, in whole seconds. */
export function budgetText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole % 3600 === 0) return `${whole / 3600}h`;
  return whole % 60 === 0 ? `${whole / 60}m` : `${whole}s`;
}
