/**
 * What the server tells the page, as JSON. Both sides import these types, and nothing of the other's.
 *
 * Everything is addressed by an id that the server gave out (a hash, or a name from a list): no path, command or address is ever taken.
 * Numbers that are not finite are null. Times are ISO 8601, durations seconds, memory bytes.
 */

/** A score with its 95 % interval, as a record has it; the page formats it by `unit`. */
export interface ScoreView {
  readonly metric: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  readonly seeds: number;
  readonly chance: number | null;
}

/** `GET /api/overview`: the first view. Small whatever the store holds. */
export interface Overview {
  readonly version: string;
  /** Of the store's cells; null where the dashboard was started without one. */
  readonly store: {
    readonly cells: number;
    readonly failed: number;
    readonly damagedLines: number;
    readonly outdated: number;
  } | null;
  /** Latest first; the first 20 of all. */
  readonly runs: readonly RunView[];
  readonly runCount: number;
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
  readonly modalities: readonly Modality[];
  readonly maps: readonly { readonly id: string; readonly name: string; readonly rows: number }[];
  /** Whether a pretraining can be started from here. */
  readonly canPretrain: boolean;
}

export type Modality = "image" | "text" | "speech";

/** `GET /api/runs?offset=0&limit=100` → `{ runs, total }`. */
export interface RunView {
  readonly id: string;
  /** The folder's name below the one that is served. */
  readonly name: string;
  readonly method: string | null;
  readonly state: "running" | "paused" | "done" | "failed";
  readonly step: number | null;
  readonly steps: number | null;
  readonly updatedAt: string;
}

/** `GET /api/runs/:id`. */
export interface RunDetail extends RunView {
  /** config.json, flat, for reading. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly results: readonly {
    readonly task: string;
    readonly protocol: string;
    readonly scores: readonly ScoreView[];
  }[];
  /** Steps of its pictures, ascending. */
  readonly pictures: readonly number[];
}

/**
 * `GET /api/runs/:id/metrics?cursor=C&points=1000`: without a cursor all of the run, down-sampled to at most so many points a series (minimum and
 * maximum of each stretch are kept); with one, what was written since, as it is.
 */
export interface MetricsView {
  /** For the next question. */
  readonly cursor: string;
  /** True where the run was begun anew: what was drawn before is to be thrown away. */
  readonly restarted: boolean;
  readonly series: readonly MetricSeries[];
}

export interface MetricSeries {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

/** `GET /api/runs/:id/pictures/:step`: a PNG. */

/** `GET /api/leaderboard?modality=image`: ranks are over the store's models whatever is hidden. */
export interface LeaderboardView {
  /** Ranks rest on the scores' intervals as yet, without comparisons and groups: ask again in some seconds for those of the bootstrap. */
  readonly isPreliminary?: boolean;
  readonly tasks: readonly TaskBoard[];
  readonly overall: readonly OverallRow[];
  readonly failed: readonly { readonly model: string; readonly task: string; readonly error: string }[];
}

export interface TaskBoard {
  readonly id: string;
  readonly name: string;
  readonly modality: Modality;
  readonly protocol: string;
  readonly rows: readonly BoardRowView[];
  /** Pairs of models whose scores differ, or do not, after Holm. */
  readonly pairs: readonly {
    readonly first: string;
    readonly second: string;
    readonly difference: number;
    readonly interval: readonly [number, number];
    readonly adjustedP: number;
  }[];
}

export interface BoardRowView {
  readonly model: string;
  readonly rank: number;
  readonly rankInterval: readonly [number, number] | null;
  readonly score: ScoreView;
  readonly rawFeatures: number | null;
  readonly randomInit: number | null;
  readonly fromScratch: number | null;
  readonly cost: CostView;
  /** Label-efficiency curves; empty where one share of labels was measured. */
  readonly curves: readonly {
    readonly contender: "pretrained" | "random init" | "raw features";
    readonly points: readonly { readonly share: number; readonly score: ScoreView }[];
    readonly area: number | null;
  }[];
  readonly groups: readonly GroupTableView[];
  readonly measuredAt: string;
}

export interface CostView {
  readonly parameters: number | null;
  /** Of one example through the encoder. */
  readonly flops: number | null;
  readonly wallSeconds: number | null;
  readonly cpuSeconds: number | null;
  readonly peakMemoryBytes: number | null;
  readonly energyJoules: number | null;
}

export interface GroupTableView {
  readonly column: string;
  readonly groups: readonly {
    readonly name: string;
    readonly examples: number;
    readonly value: number;
    readonly interval: readonly [number, number];
    /** Fewer than 30 examples. */
    readonly isSmall: boolean;
  }[];
  readonly worst: string;
  readonly gap: number;
  readonly gapInterval: readonly [number, number];
  readonly equalisedOdds: number | null;
}

export interface OverallRow {
  readonly modality: Modality | "all";
  readonly model: string;
  /** Macro mean of scores from chance (0) to reference (1). */
  readonly mean: number | null;
  readonly borda: number | null;
  readonly rankInterval: readonly [number, number] | null;
  /** Tasks measured of tasks there are. */
  readonly coverage: readonly [number, number];
}

/** `GET /api/maps/:id`: a file of embeddings laid out in the plane by UMAP, in a worker, with a fixed seed; kept beside the store. */
export type MapView =
  | { readonly status: "making"; readonly done: number }
  | { readonly status: "failed"; readonly reason: string }
  | {
      readonly status: "ready";
      readonly name: string;
      readonly x: readonly number[];
      readonly y: readonly number[];
      /** What each is called, for hovering. */
      readonly names: readonly string[];
      /** Null where the file tells none. */
      readonly labels: readonly string[] | null;
      readonly kind: Modality;
    };

/** `GET /api/maps/:id/items/:row`: the image or the sound itself, or `{ text }`. `GET /api/maps/:id/items/:row/neighbours` → `{ rows, cosines }`. */

/** `GET /api/methods`: what the form is made of. Empty where nothing can be started. */
export interface MethodsView {
  readonly methods: readonly {
    readonly name: string;
    readonly modality: Modality;
    readonly summary: string;
    readonly groups: readonly { readonly heading: string; readonly fields: readonly FieldView[] }[];
  }[];
  /** Folders named when the dashboard was started: the only ones that can be trained on. */
  readonly data: readonly { readonly name: string; readonly modality: Modality | null }[];
}

export interface FieldView {
  readonly name: string;
  readonly help: string;
  /** As text in the field; empty where it follows from something else. */
  readonly usual: string;
  readonly usually: string | null;
  /** Null: a flag. */
  readonly unit: string | null;
  readonly choices: readonly string[] | null;
}

/** `POST /api/pretrain`, body below, answered by `{ id }` of the run or 422 `{ error, field }`. Only from the page itself. */
export interface PretrainRequest {
  readonly method: string;
  readonly data: string;
  /** Named as runs are: letters, digits, `-`, `_`. It must not exist. */
  readonly name: string;
  readonly options: Readonly<Record<string, string | boolean>>;
}

/** Every error: 4xx and 5xx. */
export interface ErrorView {
  readonly error: string;
  readonly field?: string;
}
