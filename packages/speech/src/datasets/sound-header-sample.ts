/**
 * What a sample of the recordings' headers says: rates, channels, and how long all of them are.
 */
import { type CorruptSampleError, type Dataset, readSamples } from "@autodidact/core";
import type { SoundHeader } from "../sound-files/sound-header.js";
import type { SoundSource } from "./sound-source.js";

const SAMPLED = 200;

/** A line or two; `rows` are those of the source that are read. */
export async function headerRemarks(source: SoundSource, rows: readonly number[]): Promise<string[]> {
  const count = Math.min(SAMPLED, rows.length);
  const sample = Array.from({ length: count }, (_, n) => rows[Math.floor((n * rows.length) / count)]!);
  const headers: SoundHeader[] = [];
  const broken: CorruptSampleError[] = [];
  const looked: Dataset<SoundHeader> = { length: count, get: (index) => source.header(sample[index]!) };
  for await (const header of readSamples(looked, { onCorrupt: (error) => broken.push(error) })) headers.push(header);
  const isAll = count === rows.length;
  const ofMany = isAll ? "" : ` (of ${count} looked at)`;
  const remarks =
    headers.length === 0 ? [] : [`${formatsOf(headers)}${ofMany}; ${hoursOf(headers, rows.length, isAll)}`];
  if (broken.length > 0) remarks.push(`${broken.length} cannot be read${ofMany}, the first: ${broken[0]!.message}`);
  return remarks;
}

/** `8,000 Hz, 1 channel`; of several the most frequent first, with their counts. */
export function formatsOf(headers: readonly Pick<SoundHeader, "sampleRate" | "channels">[]): string {
  const formats = formatCounts(headers);
  return formats.map(({ size, count }) => (formats.length === 1 ? size : `${size}: ${count}`)).join("; ");
}

export function formatCounts(
  headers: Iterable<Pick<SoundHeader, "sampleRate" | "channels">>,
): { readonly size: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { sampleRate, channels } of headers) {
    const size = `${sampleRate.toLocaleString("en-US")} Hz, ${channels} channel${channels === 1 ? "" : "s"}`;
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  return [...counts].map(([size, count]) => ({ size, count })).sort((a, b) => b.count - a.count);
}

function hoursOf(headers: readonly SoundHeader[], all: number, isAll: boolean): string {
  const known = headers.flatMap(({ seconds }) => seconds ?? []);
  if (known.length === 0) return "how long they are, their headers do not tell";
  const mean = known.reduce((sum, seconds) => sum + seconds, 0) / known.length;
  const isWhole = isAll && known.length === headers.length;
  return `${isWhole ? "" : "about "}${lengthInWords(mean * (isAll ? headers.length : all))} in all`;
}

/** `21.3 hours`, `4.5 minutes`, `12.0 seconds` */
export function lengthInWords(seconds: number): string {
  if (seconds >= 3600) return `${(seconds / 3600).toFixed(1)} hours`;
  return seconds >= 60 ? `${(seconds / 60).toFixed(1)} minutes` : `${seconds.toFixed(1)} seconds`;
}
