/**
 * Label efficiency: score over the logarithm of the share of labels; random init and raw features beside each model, faint.
 */
import { useState } from "react";
import type { BoardRowView } from "../../api.js";
import { type Column, DataTable } from "../components/data-table.js";
import { describeMetric, describeScore, describeValue } from "../format/score.js";
import { extentOf } from "../state/metric-curves.js";
import { Legend } from "./legend.js";
import { PlotFrame } from "./plot-frame.js";
import { linearScale, logScale, type Scale } from "./scale.js";
import { seriesColour } from "./series-colour.js";

type LabelCurve = BoardRowView["curves"][number];

const DASHES: Readonly<Record<LabelCurve["contender"], string | undefined>> = {
  pretrained: undefined,
  "random init": "6 5",
  "raw features": "2 4",
};

export function LabelCurves({ title, rows }: { title: string; rows: readonly BoardRowView[] }) {
  const [withBaselines, setWithBaselines] = useState(true);
  const drawn = rows.map(({ model, curves }) => ({
    model,
    curves: curves.filter(({ contender }) => withBaselines || contender === "pretrained"),
  }));
  const { score } = rows[0]!;
  const points = drawn.flatMap(({ curves }) => curves.flatMap((curve) => curve.points));
  const shares = extentOf(points.map(({ share }) => share)) ?? [0.01, 1];
  const values = extentOf(points.flatMap((point) => [point.score.value, ...(point.score.interval ?? [])])) ?? [0, 1];
  return (
    <figure>
      <figcaption>
        {title}
        <label className="check">
          <input type="checkbox" checked={withBaselines} onChange={(event) => setWithBaselines(event.target.checked)} />
          with random init (dashed) and raw features (dotted)
        </label>
      </figcaption>
      <PlotFrame
        label={`${title}: ${describeMetric(score)} over the share of labels, of ${rows.map(({ model }) => model).join(", ")}. The numbers are in the table below.`}
        x={{ title: "share of labels, %", scaleTo: (ends) => logScale(shares, ends), describe: percent }}
        y={{
          title: describeMetric(score),
          scaleTo: (ends) => linearScale(values, ends),
          describe: (tick) => tickWord(tick, score.unit),
        }}
      >
        {(x, y) =>
          drawn.map(({ model, curves }, place) => (
            <g key={model} style={{ color: seriesColour(place) }}>
              {curves.map((curve) => (
                <Line key={curve.contender} model={model} curve={curve} x={x} y={y} />
              ))}
            </g>
          ))
        }
      </PlotFrame>
      <Legend names={rows.map(({ model }) => model)} />
      <CurveTable rows={rows} />
    </figure>
  );
}

const percent = (share: number) => String(Number((100 * share).toPrecision(3)));

export const tickWord = (tick: number, unit: string): string =>
  unit === "share" ? String(Number((100 * tick).toPrecision(4))) : String(Number(tick.toPrecision(4)));

interface LineProps {
  readonly model: string;
  readonly curve: LabelCurve;
  readonly x: Scale;
  readonly y: Scale;
}

function Line({ model, curve: { contender, points }, x, y }: LineProps) {
  const sorted = [...points].sort((a, b) => a.share - b.share);
  const isOwn = contender === "pretrained";
  return (
    <g className={isOwn ? "curve own" : "curve"}>
      <polyline
        points={sorted.map(({ share, score }) => `${x(share)},${y(score.value)}`).join(" ")}
        strokeDasharray={DASHES[contender]}
      />
      {isOwn &&
        sorted.map(({ share, score }) => (
          <g key={share}>
            <title>{`${model}, ${percent(share)} % of the labels: ${describeScore(score)}`}</title>
            {score.interval !== null && (
              <line x1={x(share)} x2={x(share)} y1={y(score.interval[0])} y2={y(score.interval[1])} />
            )}
            <circle cx={x(share)} cy={y(score.value)} r={3.5} />
          </g>
        ))}
    </g>
  );
}

interface CurveRow {
  readonly model: string;
  readonly curve: LabelCurve;
}

function CurveTable({ rows }: { rows: readonly BoardRowView[] }) {
  const all = rows.flatMap(({ model, curves }) => curves.map((curve): CurveRow => ({ model, curve })));
  const shares = [...new Set(all.flatMap(({ curve }) => curve.points.map(({ share }) => share)))].sort((a, b) => a - b);
  const columns: Column<CurveRow>[] = [
    { key: "model", title: "model", isHead: true, cell: ({ model }) => model, sortBy: ({ model }) => model },
    {
      key: "contender",
      title: "features",
      cell: ({ curve }) => curve.contender,
      sortBy: ({ curve }) => curve.contender,
    },
    ...shares.map(
      (share): Column<CurveRow> => ({
        key: `${share}`,
        title: `${percent(share)} %`,
        isNumber: true,
        cell: ({ curve }) => scoreAt(curve, share),
        sortBy: ({ curve }) => curve.points.find((point) => point.share === share)?.score.value ?? null,
        firstWay: "descending",
      }),
    ),
    {
      key: "area",
      title: "area",
      isNumber: true,
      cell: ({ curve: { area, points } }) => describeValue(area, points[0]?.score.unit ?? ""),
      sortBy: ({ curve }) => curve.area,
      firstWay: "descending",
    },
  ];
  return (
    <details className="below">
      <summary>The numbers</summary>
      <DataTable
        caption="Scores by share of labels; area under the curve over the logarithm of the share"
        columns={columns}
        rows={all}
        keyOf={({ model, curve }) => JSON.stringify([model, curve.contender])}
      />
    </details>
  );
}

function scoreAt({ points }: LabelCurve, share: number): string {
  const found = points.find((point) => point.share === share);
  return found === undefined ? "–" : describeScore(found.score);
}
