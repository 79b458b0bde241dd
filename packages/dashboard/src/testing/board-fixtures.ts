/**
 * Leaderboards for the page's tests.
 */
import type { BoardRowView, CostView, LeaderboardView, Modality, OverallRow, ScoreView, TaskBoard } from "../api.js";
import { noise } from "./noise.js";

const METHODS = ["simclr", "byol", "dino", "mae", "vicreg", "lejepa", "moco", "rotation"];
const ENCODERS = ["resnet18", "vit-tiny", "resnet50", "convnext-tiny", "vit-small"];
const SHARES = [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1];

export interface BoardSize {
  readonly modality: Modality;
  readonly models: number;
  readonly tasks: number;
}

export const modelName = (place: number): string => {
  const round = Math.floor(place / (METHODS.length * ENCODERS.length));
  const encoder = ENCODERS[Math.floor(place / METHODS.length) % ENCODERS.length];
  return `${METHODS[place % METHODS.length]} ${encoder}${round === 0 ? "" : ` seed ${round}`}`;
};

export function boardOf({ modality, models, tasks }: BoardSize): LeaderboardView {
  const names = Array.from({ length: models }, (_, place) => modelName(place));
  return {
    tasks: Array.from({ length: tasks }, (_, task) => taskOf(modality, names, task)),
    overall: overallOf(modality, names, tasks),
    failed: [
      {
        model: "third-party encoder",
        task: "flowers, fine-tuned",
        error: "The cell ended: out of memory at 4096 MB.\nGive it more with --memory, or a smaller batch.",
      },
    ],
  };
}

const TASKS = ["cifar10", "flowers", "tissue", "traffic signs", "satellite", "textures"];

function taskOf(modality: Modality, names: readonly string[], task: number): TaskBoard {
  const rows = names
    .map((model, place) => rowOf(model, place, task))
    .sort((a, b) => b.score.value - a.score.value)
    .map((row, place) => ranked(row, place, names.length));
  return {
    id: `task-${task}`,
    name: task < TASKS.length ? TASKS[task]! : `${TASKS[task % TASKS.length]} ${Math.floor(task / TASKS.length) + 1}`,
    modality,
    protocol: task % 2 === 0 ? "linear probe, all labels" : "kNN of 20, all labels",
    rows,
    pairs: rows.slice(1, 6).map((row, place) => ({
      first: rows[0]!.model,
      second: row.model,
      difference: rows[0]!.score.value - row.score.value,
      interval: [rows[0]!.score.value - row.score.value - 0.012, rows[0]!.score.value - row.score.value + 0.012],
      adjustedP: Math.max(0.0002, 0.3 * 0.2 ** place),
    })),
  };
}

const share = (value: number, spread = 0.012): ScoreView => ({
  metric: "accuracy",
  unit: "share",
  better: "higher",
  value,
  interval: [value - spread, value + spread],
  seeds: 5,
  chance: 0.1,
});

function rowOf(model: string, place: number, task: number): BoardRowView {
  const size = 1 + (Math.floor(place / METHODS.length) % ENCODERS.length);
  const value = 0.55 + 0.04 * size + 0.22 * noise(31 * place + task);
  return {
    model,
    rank: 1,
    rankInterval: null,
    score: share(value),
    rawFeatures: 0.652,
    randomInit: 0.58 + 0.06 * noise(place),
    fromScratch: place % 3 === 0 ? value - 0.05 : null,
    cost: costOf(size, place),
    curves: task === 0 ? curvesOf(value, place) : [],
    groups: task === 0 ? [groupsOf(value, place)] : [],
    measuredAt: "2026-05-04T10:00:00Z",
  };
}

const ranked = (row: BoardRowView, place: number, count: number): BoardRowView => ({
  ...row,
  rank: Math.floor(place / 2) * 2 + 1,
  rankInterval: [Math.max(1, place), Math.min(count, place + 3)],
});

const costOf = (size: number, place: number): CostView => ({
  parameters: Math.round(2.8e6 * size ** 2.1 * (1 + 0.2 * noise(place))),
  flops: Math.round(3.1e8 * size ** 2.4 * (1 + 0.4 * noise(place + 9))),
  wallSeconds: 21 * size ** 2 * (1 + noise(place + 5)),
  cpuSeconds: 39 * size ** 2 * (1 + noise(place + 5)),
  peakMemoryBytes: 3.2e8 * size,
  energyJoules: null,
});

function curvesOf(value: number, place: number): BoardRowView["curves"] {
  const curve = (contender: BoardRowView["curves"][number]["contender"], top: number, steep: number) => ({
    contender,
    points: SHARES.map((part, at) => ({
      share: part,
      score: share(0.1 + (top - 0.1) * part ** steep + 0.006 * noise(place + at), 0.008 + 0.03 * (1 - part)),
    })),
    area: top * 0.9,
  });
  return [
    curve("pretrained", value, 0.09 + 0.05 * noise(place)),
    curve("random init", 0.41, 0.22),
    curve("raw features", 0.4, 0.2),
  ];
}

function groupsOf(value: number, place: number): BoardRowView["groups"][number] {
  const groups = [
    { name: "daylight", examples: 812, value: value + 0.03 },
    { name: "indoors", examples: 164, value: value - 0.02 },
    { name: "night", examples: 24, value: value - 0.09 - 0.05 * noise(place) },
  ].map((group) => {
    const spread = 0.9 / Math.sqrt(group.examples);
    return {
      ...group,
      interval: [group.value - spread, Math.min(1, group.value + spread)] as const,
      isSmall: group.examples < 30,
    };
  });
  const gap = groups[0]!.value - groups[2]!.value;
  return {
    column: "light",
    groups,
    worst: "night",
    gap,
    gapInterval: [gap - 0.08, gap + 0.08],
    equalisedOdds: 0.11 + 0.1 * noise(place),
  };
}

function overallOf(modality: Modality, names: readonly string[], tasks: number): OverallRow[] {
  const scopes = [modality, "all"] as const;
  return scopes.flatMap((scope) =>
    names.map((model, place): OverallRow => {
      const measured = place % 4 === 3 ? Math.ceil(tasks / 2) : tasks;
      return {
        modality: scope,
        model,
        mean: 0.5 + 0.3 * noise(place),
        borda: noise(place + 3),
        rankInterval: [1 + Math.floor(3 * noise(place)), 3 + Math.floor(4 * noise(place))],
        coverage: [measured, scope === "all" ? tasks + 4 : tasks],
      };
    }),
  );
}
