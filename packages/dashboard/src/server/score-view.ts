/** A record's score as the page has it. */
import type { Score } from "@autodidact/evaluate";
import type { ScoreView } from "../api.js";

export function scoreView({ metric, value, interval, seeds, chance }: Score): ScoreView {
  const { name, unit, better } = metric;
  return { metric: name, unit, better, value, interval, seeds: seeds.length, chance };
}
