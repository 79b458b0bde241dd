import { expect, it } from "vitest";
import { madeCell } from "../testing/cells.js";
import { curvePlot, ticksOf } from "./curve-plot.js";
import { escaped, html, htmlTable } from "./html.js";
import { leaderboard } from "./leaderboard.js";
import { reportPage } from "./report-page.js";

const right = (count: number) => Array.from({ length: 60 }, (_, i) => i < count);

function pageOf(name: string): string {
  const groups = { [name]: right(30).map((isIn) => (isIn ? name : "other")) };
  const classes: [string, string] = [name, "yes"];
  const made = [
    madeCell({ encoder: name, task: name, right: right(40), shares: [0.1, 1], groups, classes }),
    madeCell({ encoder: "plain", task: name, right: right(30), shares: [0.1, 1], groups, classes }),
    madeCell({ encoder: `${name} failed`, task: name, error: name, shares: [0.1, 1] }),
  ];
  const predictions = new Map(made.flatMap(({ predictions }) => [...predictions]));
  const board = leaderboard(
    made.map(({ record }) => record),
    { predictions },
  );
  return reportPage(board, { title: name, madeAt: "2026-12-01T00:00:00.000Z", notes: [name] });
}

/** Every tag opened is closed in its order; attributes are quoted. Throws with the place. */
function tagsOf(page: string): string[] {
  const empty = new Set(["meta", "line", "circle", "polyline"]);
  const open: string[] = [];
  const names: string[] = [];
  const body = page.replace(/^<!doctype html>/, "").replace(/<style>[^<]*<\/style>/, "");
  for (const [tag, slash, name, attributes] of body.matchAll(
    /<(\/?)([a-z0-9]+)((?:\s+[a-zA-Z0-9:-]+="[^"<>]*")*)\s*\/?>|[<>]/g,
  )) {
    if (name === undefined) throw new Error(`a stray ${tag}`);
    names.push(name);
    const own = (attributes ?? "").replaceAll(/"[^"]*"/g, '""'); // without what is in quotes
    if (/\s(on[a-z]+|(xlink:)?href|src|action|formaction)=/i.test(own))
      // nothing runs, is loaded, or leads elsewhere
      throw new Error(`a handler in ${tag}`);
    if (slash === "/") {
      if (open.pop() !== name) throw new Error(`${tag} closes another tag`);
    } else if (!empty.has(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`not closed: ${open}`);
  return names;
}

it("escapes every name from the data", () => {
  const hostile = `<script>alert("x")</script><img src=x onerror='y'>&amp;\u0000\u202e`;
  const page = pageOf(hostile);
  const names = new Set(tagsOf(page));
  for (const tag of ["script", "img", "iframe", "link", "a"]) expect(names).not.toContain(tag);
  expect(page).not.toMatch(/<script|<img/i);
  expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)");
  expect(page).toContain("&amp;amp;");
  for (const character of ["\u0000", "\u202e"]) expect(page).not.toContain(character);
});

it("opens offline: it loads nothing, and its policy forbids it", () => {
  const page = pageOf("simclr");
  expect(page.replaceAll("http-equiv", "")).not.toMatch(/https?:|src=|href=|url\(|@import/);
  expect(page).toContain("default-src 'none'");
});

it("tells ranks, comparisons, curves, groups, costs and failures", () => {
  const page = pageOf("simclr");
  for (const told of [
    "Overall: image",
    "rank (95 %)",
    "p after Holm",
    "label efficiency",
    "<polyline",
    "Groups by simclr",
    "equalised odds",
    "memory, MB",
    ">2 G<", // FLOPs
    ">1 M<", // parameters
    "Failed cells",
    "prefers-color-scheme: dark",
  ])
    expect(page).toContain(told);
  expect(tagsOf(page)).toContain("svg");
});

it("a store of failures alone is a page too", () => {
  const { record } = madeCell({ error: "no memory" });
  const page = reportPage(leaderboard([record]), { madeAt: "2026-12-01T00:00:00.000Z" });
  expect(tagsOf(page)).toContain("table");
  expect(page).toContain("1 failed");
});

it("escapes in templates what is not HTML already", () => {
  expect(escaped(`a<b>"c"'d'&`)).toBe("a&lt;b&gt;&quot;c&quot;&#39;d&#39;&amp;");
  expect(escaped("\ud800")).toBe("\ufffd");
  expect(html`<p>${"<b>"}${html`<i>${1}</i>`}${[html`<u></u>`]}</p>`.html).toBe("<p>&lt;b&gt;<i>1</i><u></u></p>");
  expect(htmlTable("t", ["a", "b"], [["<", { content: "1", isNumber: true }]]).html).toContain(
    '<th scope="row">&lt;</th><td data-head="b" class="number">1</td>',
  );
});

it("draws curves within the drawing, between round numbers", () => {
  expect(ticksOf(0.52, 0.91)).toEqual([0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(ticksOf(0.5, 0.5).length).toBeGreaterThan(1);
  const { record, predictions } = madeCell({ right: right(40), shares: [0.01, 0.1, 1] });
  const [row] = leaderboard([record], { predictions }).tasks[0]!.rows;
  const drawn = curvePlot([row!], { title: "curves", unit: "share" }).html;
  const places = [...drawn.matchAll(/(?:cy|y1|y2)="(-?[\d.]+)"/g)].map(([, place]) => Number(place));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...places)).toBeLessThanOrEqual(320);
  expect(drawn).not.toContain("NaN");
});
