/**
 * Advice for people: a row a method, then what it rests on, said plainly.
 */
import { counted, duration, grouped, table } from "@autodidact/core";
import type { Advice } from "./advice.js";

const percent = (share: number) => (100 * share).toFixed(1);

/** The table, and the sentences below it. */
export function describeAdvice(advice: Advice, { best = (text: string) => text } = {}): string[] {
  const rows = advice.ranked.map((row, place) => {
    const cells = rowOf(advice, row);
    return place === 0 ? [best(cells[0]!), ...cells.slice(1)] : cells;
  });
  const isProbed = advice.probe !== null;
  const { rawFeatures: raw, sample } = advice;
  if (raw !== null) rows.push([sample.raw, "–", "–", "–", "–", withInterval(raw.score, raw.interval), "–", "–"]);
  const head = ["method", "steps", "seconds", "RankMe", "α"];
  const scored = isProbed ? ["probe, %", "random init, %"] : ["rule"];
  return [
    table([...head, ...scored, "first in, %"], rows),
    ...failuresOf(advice),
    "",
    ...verdict(advice),
    ...grounds(advice),
    ...nextOf(advice),
  ];
}

function rowOf({ probe }: Advice, row: Advice["ranked"][number]): string[] {
  const { measures, featureSize, isCollapsed } = row;
  const rank = `${measures.rankMe.toFixed(1)} of ${featureSize}${isCollapsed ? ", collapsed" : ""}`;
  const scored =
    probe === null
      ? [isCollapsed ? "–" : `${row.score.toFixed(2)} (${row.interval.map((end) => end.toFixed(2)).join("–")})`]
      : [withInterval(row.score, row.interval), row.randomInit === null ? "–" : percent(row.randomInit)];
  return [
    row.method,
    `${grouped(row.steps)} of ${grouped(row.stepsInAll)}`,
    row.trainedSeconds.toFixed(1),
    rank,
    measures.alpha === null ? "–" : measures.alpha.toFixed(2),
    ...scored,
    percent(row.chanceOfBest),
  ];
}

const withInterval = (share: number, interval: readonly [number, number]) =>
  `${percent(share)} (${interval.map(percent).join("–")})`;

function failuresOf({ failures }: Advice): string[] {
  return failures.map(({ method, rung, error }) =>
    rung === 0 ? `not tried: ${method}: ${error}` : `failed in rung ${rung}: ${method}: ${error}`,
  );
}

function verdict(advice: Advice): string[] {
  const { ranked, rawFeatures: raw, sample } = advice;
  const [first] = ranked;
  if (first === undefined) return ["No method could be tried: there is nothing to advise."];
  const tied = ranked.filter(({ isTiedWithFirst }) => isTiedWithFirst).map(({ method }) => method);
  const lines = [takes(first.method, ranked.length, tied)];
  if (ranked.every(({ isCollapsed }) => isCollapsed))
    lines.push("The features of all pilots look collapsed: train longer, or change the views.");
  else if (first.isCollapsed)
    lines.push(`The features of ${first.method} look collapsed, others' do not: take its score with care.`);
  if (raw !== null && raw.differenceInterval[0] <= 0) {
    lines.push(
      `No pilot is shown to be better than ${sample.raw} (${first.method} less ${sample.raw}: ${signed(raw.difference)} points, ` +
        `${raw.differenceInterval.map(signed).join(" to ")}). So short a training may not show it: see below for a longer one, and compare again.`,
    );
  }
  const { randomInit } = first;
  if (randomInit !== null && first.score <= randomInit)
    lines.push(`${first.method} answers no better than its encoder did before it learned (${percent(randomInit)} %).`);
  return lines;
}

function takes(first: string, candidates: number, tied: readonly string[]): string {
  if (candidates === 1) return `${first} alone was tried: it is compared with nothing but what stands beside it.`;
  if (tied.length === 0) return `Take ${first}: the pilots tell it from all others.`;
  return `Take ${first}; these pilots do not tell it from ${listed(tied)}: any of them may be the best.`;
}

function grounds(advice: Advice): string[] {
  const { rungs, sample, probe, budgetSeconds, spentSeconds, rungsLeftOut } = advice;
  const of = rungs.map(({ seconds, methods }) => `${counted(methods.length, "methods")} for ${seconds.toFixed(1)} s`);
  const rest = rungsLeftOut === 0 ? "" : ` ${counted(rungsLeftOut, "rungs")} left out: the budget was used up.`;
  const done = advice.ranked.filter(({ steps, stepsInAll }) => steps === stepsInAll).map(({ method }) => method);
  const early = done.length === 0 ? "" : ` ${listed(done)} came to the end of the schedule, and trained no longer.`;
  const how =
    probe === null
      ? `No labels: ranked by RankMe's share and |α − 1| alone, which is weak evidence of what labels will say. Measured on ${grouped(sample.examples)} examples. --labels gives better grounds.`
      : `Probe: linear, ${grouped(probe.labelsPerClass)} labels of a class at most, ${probe.folds} folds of ${grouped(sample.examples)} training examples, ${probe.seeds} draws. In brackets 95 % of bootstrap draws. No test part was looked at.`;
  return [
    `Compared at equal seconds of training on this machine, not at equal steps: ${of.join(", then ")}.${early}${rest}`,
    how,
    `"first in": the share of bootstrap draws in which a method comes first. The order may be another after a long training.`,
    `${duration(spentSeconds)} of ${duration(budgetSeconds)} were used.`,
  ];
}

const nextOf = ({ next }: Advice) =>
  next.length === 0 ? [] : ["", ...next.flatMap(({ why, command }) => [why, `  ${command}`])];

const signed = (share: number) => `${share < 0 ? "−" : "+"}${percent(Math.abs(share))}`;

const listed = (names: readonly string[]) =>
  names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
