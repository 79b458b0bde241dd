/**
 * Runs for the page's tests: one that trains on while it is asked, those that are over, and what they measured.
 */
import { encodePng } from "@autodidact/core";
import type { MetricSeries, MetricsView, RunDetail } from "../api.js";
import { bell, noise } from "./noise.js";

const minutesAgo = (minutes: number): string => new Date(Date.now() - 60_000 * minutes).toISOString();

export function runOf(id: string, { minutes = 1, ...own }: Partial<RunDetail> & { minutes?: number } = {}): RunDetail {
  return {
    id,
    name: id,
    method: "simclr",
    state: "done",
    step: 2000,
    steps: 2000,
    updatedAt: minutesAgo(minutes),
    settings: [
      ["method", own.method ?? "simclr"],
      ["data.folder", "photos"],
      ["encoder", "resnet18"],
      ["optimizer.learningRate", id.endsWith("long") ? "0.03" : "0.06"],
      ["batchSize", "128"],
      ["steps", String(own.steps ?? 2000)],
      ["temperature", id.endsWith("long") ? "0.2" : "0.1"],
      ["seed", "1"],
    ],
    results: [],
    pictures: [],
    ...own,
  };
}

/** Down-sampled as the server does: at most a thousand points a series. Steps after `from`, up to `to`. */
export function metricsOf({ steps: all, id }: RunDetail, from: number, to: number): MetricsView {
  const every = Math.max(1, Math.floor((to - from) / 1000));
  const steps = Array.from({ length: Math.floor((to - from) / every) }, (_, place) => from + (place + 1) * every);
  const shift = id.length;
  const end = all ?? 2000;
  const series = (name: string, valueAt: (step: number) => number | null): MetricSeries => ({
    name,
    steps,
    values: steps.map(valueAt),
  });
  return {
    cursor: String(to),
    restarted: false,
    series: [
      series("loss", (step) => 1.1 + (3.4 + 0.05 * shift) * Math.exp(-step / (0.28 * end)) + 0.07 * bell(step + shift)),
      series(
        "learningRate",
        (step) => 0.06 * Math.min(step / (0.05 * end), 0.5 + 0.5 * Math.cos((Math.PI * step) / end)),
      ),
      series("effectiveRank", (step) =>
        step % 97 === 3 ? null : 9 + 38 * (1 - Math.exp(-step / (0.4 * end))) + bell(step),
      ),
      series("samplesPerSecond", (step) => 412 + 14 * bell(2 * step + shift)),
      series("gradientNorm", (step) => 0.8 + 2 * Math.exp(-step / 300) + 0.3 * noise(step)),
    ],
  };
}

/** Three pictures side by side: what was given, what was left of it, and what was made of that, the sharper the later. */
export function reconstruction(step: number): Uint8Array {
  const [side, rows] = [64, 3];
  const [width, height] = [3 * side, rows * side];
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = Math.floor(y / side);
      const [u, v] = [(x % side) / side - 0.5, (y % side) / side - 0.5];
      const column = Math.floor(x / side);
      const isHidden = noise(Math.floor((u + 0.5) * 8) + 8 * Math.floor((v + 0.5) * 8) + 64 * row) < 0.7;
      const blur = column === 2 ? 0.02 + 40 / (step + 100) : 0.02;
      const inside = 1 / (1 + Math.exp((Math.hypot(u, v) - 0.2 - 0.05 * row) / (0.1 * blur)));
      const colour = [0.85 - 0.2 * row, 0.35 + 0.2 * row, 0.3 + 0.3 * (v + 0.5)];
      colour.forEach((own, channel) => {
        const value = column === 1 && isHidden ? 0.5 : own * inside + (0.25 + 0.3 * (u + 0.5)) * (1 - inside);
        pixels[3 * (y * width + x) + channel] = Math.round(255 * value);
      });
    }
  }
  return encodePng({ pixels, height, width, channels: 3 });
}
