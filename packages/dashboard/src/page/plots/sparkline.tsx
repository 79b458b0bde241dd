/**
 * A curve as small as a word, with its last value.
 */
import { describeNumber } from "../format/amounts.js";
import { type Curve, extentOf, thin } from "../state/metric-curves.js";

const [WIDTH, HEIGHT, EDGE] = [260, 64, 4];

export function Sparkline({ name, curve }: { name: string; curve: Curve }) {
  const { steps, values } = thin(curve, WIDTH);
  const extent = extentOf(values);
  if (extent === null) return null;
  const last = curve.values.findLast((value) => value !== null);
  const [first, end] = [steps[0]!, steps.at(-1)!];
  const x = (step: number) => EDGE + ((step - first) / (end - first || 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number) =>
    HEIGHT - EDGE - ((value - extent[0]) / (extent[1] - extent[0] || 1)) * (HEIGHT - 2 * EDGE);
  const points = steps.flatMap((step, place) => {
    const value = values[place] ?? null;
    return value === null ? [] : [`${x(step).toFixed(1)},${y(value).toFixed(1)}`];
  });
  return (
    <figure className="sparkline">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
        <polyline points={points.join(" ")} />
      </svg>
      <figcaption>
        <span className="faint">{name}</span> <strong>{describeNumber(last)}</strong>
      </figcaption>
    </figure>
  );
}
