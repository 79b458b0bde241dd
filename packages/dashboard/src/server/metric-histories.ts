/**
 * Curves of runs while they train: what was read of a log is kept, and only its end is read again.
 *
 * With a cursor the page is told what was written since, straight from the log's end. Without one it gets the whole curve in few points, from
 * what is kept here of the runs that were asked for last, a bounded number of numbers.
 */
import { type MetricsRecord, metricsSince } from "@autodidact/core";
import type { MetricSeries, MetricsView } from "../api.js";
import { type Curve, downSample } from "./down-sample.js";

/** Kept of all runs together: 32 MB. A single run may be larger. */
const MOST_NUMBERS = 4e6;

export interface MetricHistories {
  /** All of a run, in at most `points` a series. */
  whole(folder: string, points: number): Promise<MetricsView>;
  /** What was logged behind the cursor as it is; all of it in few points where the run was begun anew. */
  since(folder: string, cursor: string, points: number): Promise<MetricsView>;
}

export const isCursor = (text: string): boolean => /^\d{1,15}-[\da-f]{1,8}$/.test(text);

interface History {
  cursor: string;
  series: Map<string, { steps: number[]; values: number[] }>;
  /** One reads at a time. */
  work: Promise<unknown>;
}

const newHistory = (): History => ({ cursor: "", series: new Map(), work: Promise.resolve() });

export function metricHistories({ mostNumbers = MOST_NUMBERS } = {}): MetricHistories {
  /** The one that was asked for last is the last. */
  const kept = new Map<string, History>();

  async function whole(folder: string, points: number): Promise<MetricsView> {
    const history = kept.get(folder) ?? newHistory();
    kept.delete(folder);
    kept.set(folder, history);
    const work = history.work.catch(() => {}).then(() => readOn(folder, history));
    history.work = work;
    await work;
    forgetOldest(kept, mostNumbers);
    return { cursor: history.cursor, restarted: false, series: viewsOf(history.series, points) };
  }

  return {
    whole,
    async since(folder, cursor, points) {
      const news = { ...newHistory(), cursor };
      const isStanding = await readOn(folder, news);
      if (!isStanding) return { ...(await whole(folder, points)), restarted: true };
      return { cursor: news.cursor, restarted: false, series: viewsOf(news.series, Number.POSITIVE_INFINITY) };
    },
  };
}

/** False where some of what stood before is void. */
async function readOn(folder: string, history: History): Promise<boolean> {
  let isStanding = true;
  for (;;) {
    const { restartedAt, records, cursor, isEnd } = await metricsSince(folder, history.cursor);
    if (restartedAt !== undefined) {
      isStanding = false;
      dropAfter(history, restartedAt);
    }
    for (const record of records) add(history, record);
    history.cursor = cursor;
    if (isEnd) return isStanding;
  }
}

function add({ series }: History, { step, ...fields }: MetricsRecord): void {
  if (!Number.isFinite(step)) return; // no log of ours has one
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== "number" && value !== null) continue;
    if (!series.has(name)) series.set(name, { steps: [], values: [] });
    const own = series.get(name)!;
    own.steps.push(step);
    own.values.push(value !== null && Number.isFinite(value) ? value : Number.NaN);
  }
}

function dropAfter({ series }: History, step: number): void {
  for (const [name, { steps, values }] of series) {
    while (steps.length > 0 && steps.at(-1)! > step) {
      steps.pop();
      values.pop();
    }
    if (steps.length === 0) series.delete(name);
  }
}

const numbersOf = ({ series }: History) => [...series.values()].reduce((sum, { steps }) => sum + 2 * steps.length, 0);

function forgetOldest(kept: Map<string, History>, most: number): void {
  let numbers = [...kept.values()].reduce((sum, history) => sum + numbersOf(history), 0);
  for (const [folder, history] of kept) {
    if (numbers <= most || kept.size === 1) return;
    kept.delete(folder);
    numbers -= numbersOf(history);
  }
}

function viewsOf(series: ReadonlyMap<string, Curve>, points: number): MetricSeries[] {
  return [...series].map(([name, curve]) => {
    const { steps, values } = downSample(curve, points);
    return { name, steps: [...steps], values: values.map((value) => (Number.isNaN(value) ? null : value)) };
  });
}
