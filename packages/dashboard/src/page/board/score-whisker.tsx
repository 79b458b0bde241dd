/**
 * A score as a dot on its interval, on the axis of its task. Raw features and random init are ticks where they come near; elsewhere the
 * intervals would be too small to see.
 */
import type { BoardRowView } from "../../api.js";
import { extentOf } from "../state/metric-curves.js";

export type Extent = readonly [low: number, high: number];

/** Of all that is drawn of a task, whichever rows are shown. */
export function whiskerExtent(rows: readonly BoardRowView[]): Extent {
  const drawn = rows.flatMap(({ score }) => [score.value, ...(score.interval ?? [])]);
  const [low, high] = extentOf(drawn) ?? [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

const [WIDTH, HEIGHT, EDGE] = [112, 18, 5];

/** Drawn for the eye only: the same numbers stand beside it. */
export function ScoreWhisker({ row, extent: [low, high] }: { row: BoardRowView; extent: Extent }) {
  const x = (value: number) => EDGE + ((value - low) / (high - low)) * (WIDTH - 2 * EDGE);
  const { score, rawFeatures, randomInit } = row;
  const isNear = (value: number | null): value is number => value !== null && value >= low && value <= high;
  const middle = HEIGHT / 2;
  return (
    <svg className="whisker" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <line className="whisker-axis" x1={EDGE} x2={WIDTH - EDGE} y1={middle} y2={middle} />
      {isNear(randomInit) && (
        <line className="whisker-random" x1={x(randomInit)} x2={x(randomInit)} y1={3} y2={HEIGHT - 3} />
      )}
      {isNear(rawFeatures) && (
        <line className="whisker-raw" x1={x(rawFeatures)} x2={x(rawFeatures)} y1={3} y2={HEIGHT - 3} />
      )}
      {score.interval !== null && (
        <rect
          className="whisker-interval"
          x={x(score.interval[0])}
          width={Math.max(2, x(score.interval[1]) - x(score.interval[0]))}
          y={middle - 4}
          height={8}
          rx={4}
        />
      )}
      <circle className="whisker-dot" cx={x(score.value)} cy={middle} r={2.5} />
    </svg>
  );
}
