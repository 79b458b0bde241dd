/**
 * Axes of a drawing, as wide as its place: text stays as large as it is elsewhere.
 */
import type { ReactNode } from "react";
import { useWidth } from "../state/use-width.js";
import type { Scale } from "./scale.js";

export interface Axis {
  readonly title: string;
  scaleTo(ends: readonly [number, number]): Scale;
  describe(tick: number): string;
}

export interface PlotFrameProps {
  /** What is seen, for those who do not see it. */
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  children(x: Scale, y: Scale, width: number): ReactNode;
}

const HEIGHT = 340;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 20, 28, 44];
/** Between two words at the axis below. */
const WORD = 46;

export function PlotFrame({ label, x, y, children }: PlotFrameProps) {
  const [place, width] = useWidth<HTMLDivElement>();
  return (
    <div className="plot" ref={place}>
      {width > 0 && (
        <Drawing label={label} width={width} x={x} y={y}>
          {children}
        </Drawing>
      )}
    </div>
  );
}

function Drawing({ label, width, x, y, children }: PlotFrameProps & { width: number }) {
  const across = x.scaleTo([LEFT + 10, width - RIGHT]);
  const up = y.scaleTo([HEIGHT - BOTTOM, TOP]);
  return (
    <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role="img" aria-label={label}>
      {up.ticks.map((tick) => (
        <g key={tick}>
          <line className="grid" x1={LEFT} x2={width - RIGHT} y1={up(tick)} y2={up(tick)} />
          <text className="tick" x={LEFT - 8} y={up(tick) + 4} textAnchor="end">
            {y.describe(tick)}
          </text>
        </g>
      ))}
      {spaced(across).map((tick) => (
        <g key={tick}>
          <line className="grid" x1={across(tick)} x2={across(tick)} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM + 5} />
          <text className="tick" x={across(tick)} y={HEIGHT - BOTTOM + 20} textAnchor="middle">
            {x.describe(tick)}
          </text>
        </g>
      ))}
      <text className="axis-title" x={LEFT - 44} y={14}>
        {y.title}
      </text>
      <text className="axis-title" x={width - RIGHT} y={HEIGHT - 6} textAnchor="end">
        {x.title}
      </text>
      {children(across, up, width)}
    </svg>
  );
}

/** Ticks whose words do not touch. */
function spaced(scale: Scale): number[] {
  const kept: number[] = [];
  for (const tick of scale.ticks) {
    const before = kept.at(-1);
    if (before === undefined || scale(tick) - scale(before) >= WORD) kept.push(tick);
  }
  return kept;
}
