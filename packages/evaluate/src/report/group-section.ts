/**
 * Groups in the report: each group's score, the worst, the largest gap, equalised odds.
 */
import { FEW_IN_GROUP } from "../groups/group-scores.js";
import { type Html, html, htmlTable, number } from "./html.js";
import type { BoardRow, GroupTable } from "./leaderboard.js";

const percent = (share: number) => (100 * share).toFixed(1);

export function groupSection(rows: readonly BoardRow[]): Html {
  const columns = [...new Set(rows.flatMap(({ groups }) => groups.map(({ column }) => column)))];
  return html`${columns.map((column) => columnSection(column, rows))}`;
}

function columnSection(column: string, rows: readonly BoardRow[]): Html {
  const own = rows.flatMap(({ model, groups, predictions }) =>
    groups
      .filter((table) => table.column === column)
      .map((table) => ({ model, table, classes: predictions?.classes ?? [] })),
  );
  const names = [...new Set(own.flatMap(({ table }) => table.scores.groups.map(({ group }) => group)))].sort();
  const counts = new Map(own[0]!.table.scores.groups.map(({ group, examples }) => [group, examples]));
  const titles = names.map((group) => {
    const examples = counts.get(group) ?? 0;
    return `${group} (n ${examples}${examples < FEW_IN_GROUP ? ", few" : ""})`;
  });
  return htmlTable(
    `Groups by ${column}: right, %. Groups of fewer than ${FEW_IN_GROUP} examples are marked as few: they tell little`,
    ["model", ...titles, "worst", "largest gap (95 %)", "equalised odds"],
    own.map(({ model, table, classes }) => [
      model,
      ...names.map((name) => number(describeGroup(table, name))),
      table.scores.worst.group,
      describeGap(table),
      describeOdds(table, classes),
    ]),
  );
}

function describeGroup({ scores }: GroupTable, name: string): string {
  const found = scores.groups.find(({ group }) => group === name);
  return found === undefined ? "–" : `${percent(found.score)} (${found.interval.map(percent).join("–")})`;
}

function describeGap({ scores: { largestGap } }: GroupTable): string {
  if (largestGap === null) return "–";
  const { gap, interval, best, worst, isFew } = largestGap;
  return `${percent(gap)} (${interval.map(percent).join(" to ")}), ${best} over ${worst}${isFew ? "; few" : ""}`;
}

function describeOdds({ odds }: GroupTable, classes: readonly string[]): string {
  if (odds === null) return "–";
  const label = classes[odds.label] ?? String(odds.label);
  const what = odds.rate === "found" ? `${label} found` : `taken for ${label}`;
  return `${odds.difference.toFixed(3)}: ${what}, ${odds.most} over ${odds.least}`;
}
