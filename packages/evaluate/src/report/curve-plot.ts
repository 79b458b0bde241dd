/**
 * Label efficiency as a drawing: score over the logarithm of the share of labels; random init and raw features beside each model, faint.
 */
import { type Html, html } from "./html.js";
import type { CurvePoint, LabelCurve } from "./leaderboard.js";

export interface PlottedModel {
  readonly model: string;
  readonly curves: readonly LabelCurve[];
}

/** Of Okabe and Ito, told apart by those who see few colours, and on light and dark. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#8a63d2", "#7f7f7f"];
const DASHES: Readonly<Record<LabelCurve["contender"], string>> = {
  pretrained: "none",
  "random init": "6 5",
  "raw features": "2 4",
};
/** Of the drawing, in units of its own. */
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 320, 52, 16, 14, 40];

interface Scale {
  x(share: number): number;
  y(value: number): number;
}

/** Intervals are drawn of the pretrained ones alone. `unit` share is shown in percent. */
export function curvePlot(models: readonly PlottedModel[], { title, unit }: { title: string; unit: string }): Html {
  const points = models.flatMap(({ curves }) => curves.flatMap((curve) => curve.points));
  const values = points.flatMap(({ score }) => [score.value, ...(score.interval ?? [])]);
  const shares = [...new Set(points.map(({ share }) => share))].sort((a, b) => a - b);
  const ticks = ticksOf(Math.min(...values), Math.max(...values));
  const scale = scaleOf(shares, ticks);
  const shown = (value: number) =>
    unit === "share" ? String(Math.round(100 * value)) : String(Number(value.toPrecision(3)));
  return html`<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}" font-family="sans-serif" font-size="12" fill="currentColor">
${ticks.map(
  (tick) =>
    html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(scale.y(tick))}" y2="${fixed(scale.y(tick))}" stroke="currentColor" stroke-opacity="0.15"/><text x="${LEFT - 8}" y="${fixed(scale.y(tick) + 4)}" text-anchor="end">${shown(tick)}</text>`,
)}
${shares.map((share) => html`<text x="${fixed(scale.x(share))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${percent(share)}</text>`)}
<text x="${fixed((LEFT + WIDTH - RIGHT) / 2)}" y="${HEIGHT - 6}" text-anchor="middle">share of labels, %</text>
${models.map(({ curves }, place) => html`<g stroke="${colourOf(place)}" fill="none">${curves.map((curve) => line(curve, scale))}</g>`)}
</svg><ul class="legend">${models.map(
    ({ model }, place) =>
      html`<li><svg viewBox="0 0 16 7" aria-hidden="true"><line x1="0" x2="16" y1="3.5" y2="3.5" stroke="${colourOf(place)}" stroke-width="3"/></svg>${model}</li>`,
  )}</ul><figcaption>${title}. Lines: pretrained, with intervals; dashed: random init; dotted: raw features.</figcaption></figure>`;
}

const colourOf = (place: number) => COLOURS[place % COLOURS.length]!;
const percent = (share: number) => String(Number((100 * share).toPrecision(3)));
const fixed = (place: number) => Number(place.toFixed(1));

function line({ contender, points }: LabelCurve, scale: Scale): Html {
  const sorted = [...points].sort((a, b) => a.share - b.share);
  const path = sorted.map(({ share, score }) => `${fixed(scale.x(share))},${fixed(scale.y(score.value))}`).join(" ");
  const isOwn = contender === "pretrained";
  return html`<polyline points="${path}" stroke-width="${isOwn ? 2.5 : 1.5}" stroke-dasharray="${DASHES[contender]}" stroke-opacity="${isOwn ? 1 : 0.65}"/>${isOwn ? sorted.map((point) => whisker(point, scale)) : []}`;
}

function whisker({ share, score }: CurvePoint, scale: Scale): Html {
  const x = fixed(scale.x(share));
  const dot = html`<circle cx="${x}" cy="${fixed(scale.y(score.value))}" r="2.5"/>`;
  if (score.interval === null) return dot;
  const [low, high] = score.interval;
  return html`<line x1="${x}" x2="${x}" y1="${fixed(scale.y(low))}" y2="${fixed(scale.y(high))}" stroke-opacity="0.6"/>${dot}`;
}

function scaleOf(shares: readonly number[], ticks: readonly number[]): Scale {
  const [first, last] = [Math.log(shares[0]!), Math.log(shares.at(-1)!)];
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  return {
    x: (share) => LEFT + 12 + ((Math.log(share) - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT - 24),
    y: (value) => HEIGHT - BOTTOM - ((value - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM),
  };
}

/** Four to eight round numbers that hold both. */
export function ticksOf(low: number, high: number): number[] {
  const raw = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= raw * 0.99)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}
