/**
 * Rows of cells as a picture: a panel for each measurement, a bar for each method, whiskers over seeds and splits, marks where its baselines stand.
 */
import { mean, spreadOf } from "./means.js";
import type { Row } from "./run-cells.js";

const WIDTH = 760;
/** What readers without eyes for pictures are told. */
const TITLE = "What each method learned: a panel a measurement, a bar a method, whiskers of a deviation";
/** Of a bar's line, and what is above the first. */
const [LINE, HEAD, GAP] = [24, 40, 18];
/** Where bars begin and end; names stand before, values behind. */
const [LEFT, RIGHT] = [170, 640];

interface Bar {
  readonly method: string;
  readonly value: number;
  /** Deviation over seeds and splits; 0 of one number. */
  readonly deviation: number;
  readonly marks: readonly (readonly [mark: Mark, at: number])[];
}

const MARKS = { rawFeatures: "raw features", randomInit: "random init", fromScratch: "from scratch" } as const;
type Mark = keyof typeof MARKS;

/** Shares as an SVG, light on any page; the best bar of a panel comes first. */
export function learnedPlot(rows: readonly Row[]): string {
  const parts: string[] = [];
  let top = 8;
  for (const title of new Set(rows.map(titleOf))) {
    const own = rows.filter((row) => titleOf(row) === title);
    const bars = barsOf(own);
    parts.push(panel(title, bars, { top, highest: highestOf(bars) }));
    top += HEAD + LINE * bars.length + GAP;
  }
  parts.push(legend(top));
  const height = top + 30;
  const style = "text{font:13px system-ui,sans-serif;fill:#1f2328}.t{font-weight:600}.q{fill:#59636e;font-size:11px}";
  const frame = `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}"><title>${TITLE}</title><style>${style}</style>${frame}${parts.join("")}</svg>\n`;
}

const titleOf = ({ measurement, metric }: Row) => `${measurement}, ${metric} in %`;
/** Errors are better the lower. */
const isError = ({ metric }: Row) => ["eer", "wer", "cer", "ser"].includes(metric);

function barsOf(rows: readonly Row[]): Bar[] {
  const sign = isError(rows[0]!) ? 1 : -1;
  const bars = [...new Set(rows.map(({ method }) => method))].map((method): Bar => {
    const own = rows.filter((row) => row.method === method);
    const marks = (Object.keys(MARKS) as Mark[]).flatMap((mark) => {
      const values = own.map((row) => row[mark]).filter((value) => value !== null);
      return values.length === 0 ? [] : [[mark, mean(values)] as const];
    });
    const values = own.map(({ value }) => value);
    return { method, value: mean(values), deviation: spreadOf(values), marks };
  });
  return bars.sort((a, b) => sign * (a.value - b.value));
}

/** The next tenth above all that is drawn. */
function highestOf(bars: readonly Bar[]): number {
  const ends = bars.flatMap(({ value, deviation, marks }) => [value + deviation, ...marks.map(([, at]) => at)]);
  return Math.min(1, Math.ceil(10 * Math.max(...ends) + 1e-9) / 10);
}

function panel(title: string, bars: readonly Bar[], { top, highest }: { top: number; highest: number }): string {
  const x = (share: number) => round(LEFT + ((RIGHT - LEFT) * Math.min(share, highest)) / highest);
  const bottom = top + HEAD + LINE * bars.length;
  const ticks = Array.from({ length: Math.round(10 * highest) + 1 }, (_, i) => i / 10).map(
    (share) =>
      `<line x1="${x(share)}" x2="${x(share)}" y1="${top + HEAD - 4}" y2="${bottom}" stroke="#e6e9ed"/>` +
      `<text class="q" x="${x(share)}" y="${top + HEAD - 8}" text-anchor="middle">${Math.round(100 * share)}</text>`,
  );
  const lines = bars.map((bar, place) => line(bar, { x, y: top + HEAD + LINE * place }));
  return `<text class="t" x="12" y="${top + 16}">${escaped(title)}</text>${ticks.join("")}${lines.join("")}`;
}

function line({ method, value, deviation, marks }: Bar, { x, y }: { x(share: number): number; y: number }): string {
  const middle = y + LINE / 2;
  const [from, to] = [x(Math.max(0, value - deviation)), x(value + deviation)];
  const cap = (at: number) => `<line x1="${at}" x2="${at}" y1="${middle - 4}" y2="${middle + 4}" stroke="#1f2328"/>`;
  const whisker = `<line x1="${from}" x2="${to}" y1="${middle}" y2="${middle}" stroke="#1f2328"/>${cap(from)}${cap(to)}`;
  const said = `${percent(value)}${deviation > 0 ? ` ± ${percent(deviation)}` : ""}`;
  return [
    `<text x="${LEFT - 8}" y="${middle + 4}" text-anchor="end">${escaped(method)}</text>`,
    `<rect x="${LEFT}" y="${y + 5}" width="${round(x(value) - LEFT)}" height="${LINE - 10}" fill="#8fb8de"/>`,
    deviation > 0 ? whisker : "",
    ...marks.map(([mark, at]) => drawn(mark, x(at), middle)),
    `<text x="${RIGHT + 8}" y="${middle + 4}">${said}</text>`,
  ].join("");
}

function drawn(mark: Mark, x: number, y: number): string {
  if (mark === "rawFeatures") return `<rect x="${x - 1.5}" y="${y - 9}" width="3" height="18" fill="#b35900"/>`;
  if (mark === "randomInit") return `<circle cx="${x}" cy="${y}" r="4" fill="#fff" stroke="#59636e" stroke-width="2"/>`;
  return `<path d="M${x} ${y - 6}l6 6l-6 6l-6 -6z" fill="#8250df"/>`;
}

function legend(top: number): string {
  const marks = Object.entries(MARKS).map(([mark, name], place) => {
    const x = LEFT + 8 + 130 * place;
    return `${drawn(mark as Mark, x, top + 10)}<text x="${x + 12}" y="${top + 14}">${name}</text>`;
  });
  return `${marks.join("")}<text class="q" x="${LEFT + 400}" y="${top + 14}">whiskers: ± deviation</text>`;
}

const percent = (share: number) => (100 * share).toFixed(1);
const round = (pixels: number) => Math.round(10 * pixels) / 10;
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
