/**
 * What a fake server knows: nothing, a few results, ten thousand, or names that would be code elsewhere.
 */
import type { LeaderboardView, MethodsView, Modality, Overview, RunDetail } from "../api.js";
import { boardOf } from "./board-fixtures.js";
import { mapOf, type ReadyMap } from "./map-fixtures.js";
import { METHODS } from "./method-fixtures.js";
import { runOf } from "./run-fixtures.js";

export interface FakeStore {
  readonly store: Overview["store"];
  readonly runs: readonly RunDetail[];
  readonly boards: Readonly<Partial<Record<Modality, LeaderboardView>>>;
  readonly maps: Readonly<Record<string, ReadyMap>>;
  readonly methods: MethodsView;
  readonly unreadable: Overview["unreadable"];
}

export const emptyStore: FakeStore = {
  store: { cells: 0, failed: 0, damagedLines: 0, outdated: 0 },
  runs: [],
  boards: {},
  maps: {},
  methods: { methods: [], data: [] },
  unreadable: [],
};

export const fullStore = (): FakeStore => ({
  store: { cells: 52, failed: 1, damagedLines: 2, outdated: 3 },
  runs: [
    runOf("mae-photos", {
      method: "mae",
      state: "running",
      step: 1200,
      steps: 4000,
      pictures: [200, 400, 800, 1200],
      minutes: 0,
    }),
    runOf("simclr-photos", { results: [RESULT], minutes: 52 }),
    runOf("simclr-photos-long", { steps: 4000, step: 4000, minutes: 190 }),
    runOf("masked-lm-notes", { method: "masked-lm", state: "paused", step: 310, minutes: 1500 }),
    runOf("wav2vec-recordings", { method: "wav2vec", state: "failed", step: 12, minutes: 3000 }),
  ],
  boards: {
    image: boardOf({ modality: "image", models: 12, tasks: 3 }),
    text: boardOf({ modality: "text", models: 4, tasks: 1 }),
    speech: boardOf({ modality: "speech", models: 3, tasks: 1 }),
  },
  maps: {
    "map-image": mapOf("photos.parquet", "image", 1500),
    "map-text": mapOf("notes.parquet", "text", 200),
    "map-speech": mapOf("recordings.parquet", "speech", 60),
  },
  methods: METHODS,
  unreadable: [
    { name: "old-run", reason: "config.json: the method `simsiam2` is not known. Newer versions may read it." },
  ],
});

/** 100 models on 100 tasks, and 500 runs. */
export const largeStore = (): FakeStore => ({
  ...fullStore(),
  store: { cells: 10_000, failed: 1, damagedLines: 0, outdated: 0 },
  runs: Array.from({ length: 500 }, (_, place) =>
    runOf(`run-${String(place).padStart(3, "0")}`, { minutes: 7 * place + 1 }),
  ),
  boards: { image: boardOf({ modality: "image", models: 100, tasks: 100 }) },
});

export const HOSTILE = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">`;

export function hostileStore(): FakeStore {
  const full = fullStore();
  const bad = (text: string) => `${HOSTILE} ${text}`;
  const image = boardOf({ modality: "image", models: 3, tasks: 1 });
  const map = mapOf(bad("map"), "text", 40);
  return {
    ...full,
    unreadable: [{ name: bad("folder"), reason: bad("reason") }],
    runs: [
      runOf("../../etc/passwd", {
        name: bad("run"),
        method: bad("method"),
        settings: [[bad("setting"), bad("value")]],
        results: [{ ...RESULT, task: bad("task") }],
        state: "running",
      }),
      runOf("javascript:alert(1)", { name: "second" }),
    ],
    boards: {
      image: {
        ...image,
        tasks: image.tasks.map((task) => ({
          ...task,
          name: bad("task"),
          protocol: bad("protocol"),
          rows: task.rows.map((row) => ({ ...row, model: bad(row.model) })),
        })),
        failed: [{ model: bad("model"), task: bad("task"), error: bad("error") }],
      },
    },
    maps: { [HOSTILE]: { ...map, names: map.names.map(bad), labels: map.names.map(() => bad("label")) } },
    methods: {
      ...full.methods,
      methods: full.methods.methods.map((method) => ({ ...method, summary: bad("summary") })),
    },
  };
}

const RESULT: RunDetail["results"][number] = {
  task: "cifar10",
  protocol: "linear probe, all labels",
  scores: [
    {
      metric: "accuracy",
      unit: "share",
      better: "higher",
      value: 0.712,
      interval: [0.703, 0.721],
      seeds: 5,
      chance: 0.1,
    },
    {
      metric: "macroF1",
      unit: "share",
      better: "higher",
      value: 0.709,
      interval: [0.7, 0.718],
      seeds: 5,
      chance: null,
    },
  ],
};
