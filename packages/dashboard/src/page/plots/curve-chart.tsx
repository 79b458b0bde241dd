/**
 * Curves over steps, drawn by uPlot: zoomed by dragging, whole again by a double click, read by mouse or arrow keys.
 */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { describeCount, describeNumber, grouped } from "../format/amounts.js";
import type { alignCurves } from "../state/metric-curves.js";
import { useTheme } from "../state/theme.js";
import { useWidth } from "../state/use-width.js";
import { paintOf, SERIES_COLOURS, seriesColour } from "./series-colour.js";

export type Aligned = ReturnType<typeof alignCurves>;

export interface CurveChartProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly data: Aligned;
  /** Charts of one key show the same step. */
  readonly syncKey?: string;
  /** The place of the first colour. */
  readonly colourFrom?: number;
}

const HEIGHT = 190;

export function CurveChart({ title, names, data, syncKey, colourFrom = 0 }: CurveChartProps) {
  const [place, width] = useWidth<HTMLDivElement>();
  const { theme } = useTheme();
  const chart = useRef<uPlot>(null);
  const latest = useRef(data);
  latest.current = data;
  const [at, setAt] = useState<number | null>(null);
  const count = names.length;

  // The canvas takes its colours anew when the theme changes.
  useEffect(() => {
    if (width === 0) return;
    const own = new uPlot(
      optionsOf({ width, count, syncKey, colourFrom, setAt }),
      toUplot(latest.current),
      place.current!,
    );
    chart.current = own;
    return () => {
      chart.current = null;
      own.destroy();
    };
  }, [width, count, syncKey, colourFrom, theme, place]);

  useEffect(() => {
    if (chart.current !== null && chart.current.data !== toUplot(data)) showData(chart.current, data);
  }, [data]);

  const shown = at === null ? null : Math.min(at, data[0].length - 1);
  return (
    <figure className="chart">
      <figcaption>
        <span className="chart-title">{title}</span>
        <Readout names={names} data={data} at={shown} colourFrom={colourFrom} />
      </figcaption>
      <div
        ref={place}
        className="chart-place"
        tabIndex={0}
        role="slider"
        aria-label={`${title} over steps`}
        aria-valuemin={data[0][0] ?? 0}
        aria-valuemax={data[0].at(-1) ?? 0}
        aria-valuenow={data[0].at(shown ?? -1) ?? 0}
        aria-valuetext={spoken(names, data, shown)}
        onKeyDown={(event) => chart.current !== null && moveCursor(chart.current, event)}
      />
    </figure>
  );
}

/** `loss 0.3124 at step 120` */
function spoken(names: readonly string[], [steps, ...columns]: Aligned, shown: number | null): string {
  const step = steps.at(shown ?? -1);
  if (step === undefined) return "nothing yet";
  const values = columns.map((column, place) => `${names[place]} ${describeNumber(column.at(shown ?? -1))}`);
  return `${values.join(", ")} at step ${step}`;
}

interface ReadoutProps {
  readonly names: readonly string[];
  readonly data: Aligned;
  readonly at: number | null;
  readonly colourFrom: number;
}

/** Where nothing is pointed at: the last value of each. */
function Readout({ names, data: [steps, ...columns], at, colourFrom }: ReadoutProps) {
  return (
    <span className="readout">
      {columns.map((column, place) => {
        const name = names[place] ?? "";
        const own = at ?? column.findLastIndex((value) => value !== undefined && value !== null);
        return (
          <span key={name}>
            {names.length > 1 && <span className="swatch" style={{ background: seriesColour(place + colourFrom) }} />}
            {names.length > 1 && <span className="faint">{name} </span>}
            <strong>{describeNumber(column[own])}</strong>
            {(at === null || place === names.length - 1) && steps[own] !== undefined && (
              <span className="faint"> at {grouped(steps[own])}</span>
            )}
          </span>
        );
      })}
    </span>
  );
}

interface Look {
  readonly width: number;
  readonly count: number;
  readonly syncKey: string | undefined;
  readonly colourFrom: number;
  setAt(at: number | null): void;
}

function optionsOf({ width, count, syncKey, colourFrom, setAt }: Look): uPlot.Options {
  const [faint, line] = [paintOf("--faint"), paintOf("--line")];
  const axis = {
    stroke: faint,
    font: "12px system-ui, sans-serif",
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  const lines = Array.from({ length: count }, (_, place) => ({
    stroke: paintOf(`--series-${(place + colourFrom) % SERIES_COLOURS}`),
    width: 1.75,
    points: { show: false },
    spanGaps: false,
  }));
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    scales: { x: { time: false } },
    series: [{}, ...lines],
    axes: [
      { ...axis, size: 28, values: (_, ticks) => ticks.map((tick) => describeStep(tick)) },
      { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : describeNumber(tick))) },
    ],
    cursor: { drag: { x: true, y: false }, ...(syncKey === undefined ? {} : { sync: { key: syncKey } }) },
    hooks: { setCursor: [({ cursor }) => setAt(cursor.idx ?? null)] },
  };
}

const describeStep = (step: number) => (step < 10_000 ? String(step) : describeCount(step).replace(/\.0+ /, " "));

/** What the reader zoomed into stays in view while the run goes on. */
function showData(chart: uPlot, data: Aligned): void {
  const { min, max } = chart.scales.x!;
  const steps = chart.data[0];
  const isWhole =
    min == null || max == null || steps.length < 2 || (min <= steps[0]! && max >= steps[steps.length - 1]!);
  chart.setData(toUplot(data), isWhole);
  if (!isWhole) chart.redraw();
}

const WAYS = new Map([
  ["ArrowLeft", -1],
  ["ArrowRight", 1],
]);

function moveCursor(chart: uPlot, event: KeyboardEvent): void {
  const way = WAYS.get(event.key);
  const steps = chart.data[0];
  if (way === undefined || steps.length === 0) return;
  event.preventDefault();
  const stride = way * Math.ceil(steps.length / 100); // a long curve is crossed in a hundred presses
  const from = chart.cursor.idx ?? (way > 0 ? -1 : steps.length);
  const next = Math.min(steps.length - 1, Math.max(0, from + stride));
  chart.setCursor({ left: chart.valToPos(steps[next]!, "x"), top: chart.over.clientHeight / 2 });
}

/** uPlot does not write to what it is given. */
const toUplot = (data: Aligned) => data as uPlot.AlignedData;
