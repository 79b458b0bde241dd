/**
 * Score over what it costs, on a logarithmic axis; the line joins the models that no other beats for less.
 */
import { useState } from "react";
import type { BoardRowView, CostView } from "../../api.js";
import { describeBytes, describeCount, describeSeconds } from "../format/amounts.js";
import { describeMetric, describeScore } from "../format/score.js";
import { extentOf } from "../state/metric-curves.js";
import { tickWord } from "./label-curves.js";
import { type Priced, paretoFront } from "./pareto.js";
import { placeWords } from "./place-words.js";
import { PlotFrame } from "./plot-frame.js";
import { linearScale, logScale, type Scale } from "./scale.js";

const COSTS: readonly { key: keyof CostView; title: string; describe(value: number): string }[] = [
  { key: "flops", title: "FLOPs an example", describe: (value) => describeCount(value) },
  { key: "parameters", title: "parameters", describe: (value) => describeCount(value) },
  { key: "wallSeconds", title: "seconds", describe: describeSeconds },
  { key: "cpuSeconds", title: "processor seconds", describe: describeSeconds },
  { key: "peakMemoryBytes", title: "peak memory", describe: describeBytes },
  { key: "energyJoules", title: "energy", describe: (value) => describeCount(value, "J") },
];

interface Costed extends Priced {
  readonly row: BoardRowView;
}

export function CostPlot({ title, rows }: { title: string; rows: readonly BoardRowView[] }) {
  const measured = COSTS.filter(({ key }) => rows.some(({ cost }) => (cost[key] ?? 0) > 0));
  const [key, setKey] = useState<keyof CostView>("flops");
  const chosen = measured.find((own) => own.key === key) ?? measured[0];
  if (chosen === undefined) return <p className="faint">No cost was measured of these models.</p>;
  const points = rows.flatMap((row): Costed[] => {
    const cost = row.cost[chosen.key];
    return cost !== null && cost > 0 ? [{ row, cost, value: row.score.value }] : [];
  });
  const { score } = points[0]!.row;
  const front = paretoFront(points, score.better === "higher" ? 1 : -1);
  const values = extentOf(points.flatMap(({ row }) => [row.score.value, ...(row.score.interval ?? [])]))!;
  const costs = extentOf(points.map(({ cost }) => cost))!;
  return (
    <figure>
      <figcaption>
        {title}
        <label className="choice">
          Cost
          <select value={chosen.key} onChange={(event) => setKey(event.target.value as keyof CostView)}>
            {measured.map((own) => (
              <option key={own.key} value={own.key}>
                {own.title}
              </option>
            ))}
          </select>
        </label>
      </figcaption>
      <PlotFrame
        label={`${title}: ${describeMetric(score)} over ${chosen.title} of ${points.length} models. No other beats for less: ${front.map(({ row }) => row.model).join(", ")}.`}
        x={{
          title: chosen.title,
          scaleTo: (ends) => logScale(costs, ends),
          describe: (cost) => rounded(chosen.describe(cost)),
        }}
        y={{
          title: describeMetric(score),
          scaleTo: (ends) => linearScale(values, ends),
          describe: (tick) => tickWord(tick, score.unit),
        }}
      >
        {(x, y, width) => <Points points={points} front={front} x={x} y={y} width={width} describe={chosen.describe} />}
      </PlotFrame>
      <p className="faint">
        The line joins the models that no other beats for less.
        {points.length < rows.length && ` ${rows.length - points.length} without this cost are not drawn.`}
      </p>
    </figure>
  );
}

/** At an axis stand round amounts: `1.00 G` is `1 G`. */
const rounded = (amount: string) => amount.replace(/\.0+(?= )/, "");

interface PointsProps {
  readonly points: readonly Costed[];
  readonly front: readonly Costed[];
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
  describe(cost: number): string;
}

function Points({ points, front, x, y, width, describe }: PointsProps) {
  const isFirst = (point: Costed) => front.includes(point);
  const placed = points.map((point) => ({ text: point.row.model, x: x(point.cost), y: y(point.value) }));
  const ordered = [...points.keys()].sort((a, b) => Number(isFirst(points[b]!)) - Number(isFirst(points[a]!)));
  const words = placeWords(
    ordered.map((place) => placed[place]!),
    width,
  );
  return (
    <>
      <polyline className="front" points={front.map(({ cost, value }) => `${x(cost)},${y(value)}`).join(" ")} />
      {points.map((point) => {
        const { row, cost, value } = point;
        return (
          <g key={row.model} className={isFirst(point) ? "cost-point first" : "cost-point"}>
            <title>{`${row.model}: ${describeScore(row.score)} at ${describe(cost)}`}</title>
            {row.score.interval !== null && (
              <line x1={x(cost)} x2={x(cost)} y1={y(row.score.interval[0])} y2={y(row.score.interval[1])} />
            )}
            <circle cx={x(cost)} cy={y(value)} r={4.5} />
          </g>
        );
      })}
      {words.map(({ text, x: left, y: base, anchor }) => (
        <text key={text} className="word" x={left} y={base} textAnchor={anchor}>
          {text}
        </text>
      ))}
    </>
  );
}
