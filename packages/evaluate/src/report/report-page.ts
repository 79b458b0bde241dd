/**
 * A leaderboard as one page that needs nothing else: it opens offline, loads nothing, runs nothing.
 */
import { duration, prefixed } from "@autodidact/core";
import { contenderName, type RAW_NAMES } from "../contender-names.js";
import { describeScore } from "../record/record-table.js";
import type { Score } from "../record/schema.js";
import type { CellRecord } from "../store/cell-record.js";
import { curvePlot } from "./curve-plot.js";
import { groupSection } from "./group-section.js";
import { type Html, html, htmlTable, number, verbatim } from "./html.js";
import { taskName } from "./latest-cells.js";
import type { Board, BoardRow, BoardTask } from "./leaderboard.js";
import type { ModalityBoard } from "./overall.js";
import { REPORT_STYLE } from "./report-style.js";
import { MOST_COMPARED } from "./within-task.js";

export interface ReportOptions {
  readonly title?: string | undefined;
  /** When it was made: an ISO time. */
  readonly madeAt: string;
  /** What else must be told: damaged lines of the journal. */
  readonly notes?: readonly string[] | undefined;
}

export function reportPage(board: Board, { title = "Benchmark", madeAt, notes = [] }: ReportOptions): string {
  const told = [
    ...notes,
    ...(board.outdated === 0
      ? []
      : [
          `${board.outdated} ${board.outdated === 1 ? "result is" : "results are"} left out: newer weights, data or settings bear the same names.`,
        ]),
  ];
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="generator" content="autodidact"><title>${title}</title><style>${verbatim(REPORT_STYLE)}</style></head><body>
<h1>${title}</h1><p>Made ${madeAt}. ${counts(board)}</p>
${told.map((note) => html`<p><strong>Note:</strong> ${note}</p>`)}
${board.overall.map(overallSection)}
${board.tasks.map(taskSection)}
${failedSection(board.failed)}
<h2>How to read it</h2>
<p>Intervals hold 95 % of draws of test examples (bootstrap; Wilson's of fewer than a hundred). A rank counts the models that are better for certain: those whose ranks, over draws of the same examples for all models, end before a model's own begin. Models whose intervals overlap share a rank, and ranks are of all models of the store, shown or not. Differences are of the same examples; p is adjusted after Holm over the pairs of a task. Every score stands beside the same protocol on raw features and on the encoder before it learned anything. FLOPs are of one example through the encoder, two a multiply-add.</p>
</body></html>
`;
  return page.html;
}

function counts({ tasks, failed }: Board): string {
  const models = new Set(tasks.flatMap(({ rows }) => rows.map(({ model }) => model))).size;
  const done = tasks.reduce((sum, { rows }) => sum + rows.length, 0);
  const failures = failed.length === 0 ? "none failed" : `${failed.length} failed`;
  return `Models: ${models}; tasks: ${tasks.length}; cells: ${done} done, ${failures}.`;
}

const ordinal = (value: number) => Number(value.toFixed(1));
const describeRank = (rank: number | null, interval: readonly [number, number] | null) =>
  rank === null ? "–" : `${rank}${interval === null ? "" : ` (${ordinal(interval[0])}–${ordinal(interval[1])})`}`;
const describeShare = (share: number | null) => (share === null ? "–" : share.toFixed(3));

function overallSection({ modality, models, rankedOn }: ModalityBoard): Html {
  const rows = models.map(({ model, macro, rank, rankInterval, borda }) => {
    const own = macro.modalities[modality]!;
    return [
      model,
      number(describeRank(rank, rankInterval)),
      number(describeShare(own.mean)),
      number(describeShare(borda)),
      number(`${own.covered} of ${own.tasks}`),
      number(`${macro.covered} of ${macro.tasks}`),
    ];
  });
  const ranked =
    rankedOn.length === 0 ? "no task is shared by all, so there are no ranks" : `ranks over ${rankedOn.join("; ")}`;
  return html`<h2>Overall: ${modality}</h2>${htmlTable(
    `Mean score between chance (0) and reference (1); ${ranked}`,
    ["model", "rank (95 %)", "mean score", "Borda", `${modality} tasks`, "all tasks"],
    rows,
  )}`;
}

function taskSection({ name, modality, protocol, rows, pairs, likeness }: BoardTask): Html {
  const [first] = rows;
  if (first === undefined) return html``; // all are hidden
  const { metric, chance } = first.record.scores[0];
  const raw = contenderName("rawFeatures", modality as keyof typeof RAW_NAMES);
  const curves = rows.filter((row) => row.curves.length > 0);
  const told = [
    `${metric.name}${metric.unit === "share" ? ", %" : `, ${metric.unit}`}, ${metric.better} is better`,
    `${first.record.task.test.examples} test examples`,
    ...(chance === null ? [] : [`chance ${metric.unit === "share" ? (100 * chance).toFixed(1) : chance.toFixed(4)}`]),
  ].join("; ");
  const head = [
    "model",
    "score (95 %)",
    "rank (95 %)",
    "random init",
    raw,
    "from",
    "FLOPs",
    "parameters",
    "seconds",
    "memory, MB",
    ...(curves.length === 0 ? [] : ["label efficiency"]),
  ];
  return html`<h2>${name}</h2><p>${modality}, ${protocol}: ${told}.</p>
${htmlTable(
  "Leaderboard",
  head,
  rows.map((row) => boardCells(row, curves.length > 0)),
)}
${pairSection(pairs, rows)}
${likenessSection(likeness)}
${curves.length === 0 ? [] : [curvePlot(curves, { title: `${name}: ${metric.name} over labels`, unit: metric.unit })]}
${groupSection(rows)}`;
}

function boardCells({ model, record, rank, rankInterval, curves }: BoardRow, hasCurves: boolean) {
  const { scores, baselines, cost, subject } = record;
  const of = (score: Score | undefined) => number(score === undefined ? "–" : describeScore(score));
  const area = curves.find(({ contender }) => contender === "pretrained")?.area ?? null;
  return [
    model,
    of(scores[0]),
    number(describeRank(rank, rankInterval)),
    of(baselines.randomInit?.[0]),
    of(baselines.rawFeatures?.[0]),
    `${subject.method}, ${subject.step} steps`,
    number(cost.flops === null ? "–" : prefixed(cost.flops)),
    number(cost.parameters == null ? "–" : prefixed(cost.parameters)),
    number(duration(cost.wallSeconds)),
    number(String(Math.round(cost.peakMemoryBytes / 2 ** 20))),
    ...(hasCurves ? [number(describeShare(area))] : []),
  ];
}

function pairSection(pairs: BoardTask["pairs"], rows: BoardTask["rows"]): Html {
  if (pairs.length === 0) return html``;
  const compared = new Set(pairs.flatMap(({ first, second }) => [first, second]));
  const isCut = rows.some(({ model }) => !compared.has(model));
  const points = (value: number) => `${value > 0 ? "+" : ""}${(100 * value).toFixed(1)}`;
  return htmlTable(
    isCut
      ? `Pairs of the first ${MOST_COMPARED} models on the same examples, in points`
      : "Pairs on the same examples, in points",
    ["better", "than", "by (95 %)", "p after Holm"],
    pairs.map(({ first, second, difference, interval, adjusted }) => [
      first,
      second,
      number(`${points(difference)} (${points(interval[0])} to ${points(interval[1])})`),
      number(adjusted < 0.001 ? "< 0.001" : adjusted.toFixed(3)),
    ]),
  );
}

function likenessSection(likeness: BoardTask["likeness"]): Html {
  if (likeness === undefined) return html``;
  const { models, cka } = likeness;
  return htmlTable(
    "How alike features are (linear CKA without bias on the same test examples; 1 is the same up to rotation and scale)",
    ["model", ...models],
    models.map((model, row) => [model, ...cka[row]!.map((value) => number(value.toFixed(2)))]),
  );
}

function failedSection(failed: readonly CellRecord[]): Html {
  if (failed.length === 0) return html``;
  const rows = failed.map(({ cell, outcome, createdAt }) => [
    cell.encoder.name,
    taskName(cell.task),
    outcome.status === "failed" ? outcome.error : "",
    createdAt,
  ]);
  return html`<h2>Failed cells</h2><div class="failed">${htmlTable("Run them again by --retry-failed", ["model", "task", "error", "when"], rows)}</div>`;
}
