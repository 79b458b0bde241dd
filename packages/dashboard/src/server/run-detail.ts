/**
 * All that is told of one run beside its curves: its settings, what was measured of it, the steps of its pictures.
 */
import { join } from "node:path";
import { type RunConfig, storedPictures } from "@autodidact/core";
import { readRecords } from "@autodidact/evaluate";
import type { RunDetail } from "../api.js";
import type { ShelvedRun } from "./run-shelf.js";
import { scoreView } from "./score-view.js";

/** Of settings: a config.json may be anybody's. */
const MOST_SETTINGS = 300;
const LONGEST_VALUE = 300;

export async function runDetail({ view, listing: { folder, config } }: ShelvedRun): Promise<RunDetail> {
  const [{ records }, pictures] = await Promise.all([
    readRecords(join(folder, "results.jsonl")),
    storedPictures(folder),
  ]);
  return {
    ...view,
    settings: flatSettings(config),
    results: records.map(({ task, protocol, scores }) => ({
      task: task.name,
      protocol: protocol.name,
      scores: scores.map(scoreView),
    })),
    pictures: [...new Set(pictures.map(({ step }) => step))],
  };
}

/** `{ data: { path: "x" } }` is `data.path` x. */
export function flatSettings(config: RunConfig): [name: string, value: string][] {
  const settings: [string, string][] = [];
  function visit(name: string, value: unknown, depth: number): void {
    if (settings.length >= MOST_SETTINGS) return;
    const isNested = typeof value === "object" && value !== null && !Array.isArray(value) && depth < 5;
    if (!isNested) settings.push([name, shown(value)]);
    else for (const [key, inner] of Object.entries(value)) visit(`${name}.${key}`, inner, depth + 1);
  }
  for (const [name, value] of Object.entries(config)) visit(name, value, 0);
  return settings;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
