/**
 * Maps of embeddings: read when the server starts, laid out when they are asked for, one at a time, and kept by the hash of what they show.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { commitFile, type Embedded, nearestRows } from "@autodidact/core";
import { z } from "zod";
import type { MapView, Modality } from "../api.js";
import type { FeatureSample } from "./feature-sample.js";
import { idOf, isId } from "./ids.js";
import type { LayoutMessage } from "./layout-thread.js";
import { Refusal } from "./refusal.js";
import { runThread } from "./thread.js";
import type { Layout } from "./umap-layout.js";

/** What a row of embeddings was made of: a text, or an image or a sound. */
export type MapItem = { readonly text: string } | { readonly type: string; readonly bytes: Uint8Array };

export interface MapSource {
  readonly name: string;
  /** Of embeddings: .parquet, .npy, .jsonl, .csv or .safetensors, as `autodidact embed` writes them. */
  readonly file: string;
  readonly kind: Modality;
  /** What the row shows; a failure is told in its place. */
  item(id: string, row: number): Promise<MapItem>;
}

export interface ShelvedMap {
  readonly id: string;
  readonly name: string;
  readonly sample: FeatureSample;
  view(): Promise<MapView>;
  item(point: number): Promise<MapItem>;
  /** The points that are most alike, by the cosine of their embeddings; the point itself is none. */
  neighbours(point: number): Promise<{ rows: number[]; cosines: number[] }>;
}

export interface MapShelf {
  readonly maps: readonly ShelvedMap[];
  find(id: string): ShelvedMap;
}

interface MapShelfOptions {
  /** Where layouts are kept from one start to the next; in memory alone unless told. */
  readonly folder?: string | undefined;
  readonly signal: AbortSignal;
}

const NEIGHBOURS = 12;

/** Throws where a file is none of embeddings. */
export async function mapShelf(sources: readonly MapSource[], options: MapShelfOptions): Promise<MapShelf> {
  let queue: Promise<unknown> = Promise.resolve();
  /** Layouts take a processor each: one after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work);
    queue = turn.catch(() => {});
    return turn;
  };
  const maps: ShelvedMap[] = [];
  for (const source of sources) maps.push(await shelved(source, { ...options, inTurn }));
  return {
    maps,
    find(id) {
      const found = isId(id) ? maps.find((map) => map.id === id) : undefined;
      if (found === undefined) throw new Refusal(404, "There is no such map.");
      return found;
    },
  };
}

interface Making extends MapShelfOptions {
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

async function shelved(source: MapSource, making: Making): Promise<ShelvedMap> {
  const { name, file, kind } = source;
  const sample = await readSample(file, making.signal);
  const { ids, labels, values, size } = sample;
  let state: MapView | undefined;

  async function make(): Promise<void> {
    state = { status: "making", done: 0 };
    try {
      const kept = await keptLayout(sample, making.folder);
      const onProgress = (done: number) => {
        state = { status: "making", done };
      };
      const { x, y } = kept ?? (await making.inTurn(() => layOut(sample, making, onProgress)));
      state = { status: "ready", name, x, y, names: ids, labels, kind };
    } catch (error) {
      state = { status: "failed", reason: (error as Error).message };
    }
  }

  return {
    id: idOf(resolve(file)),
    name,
    sample,
    async view() {
      if (state === undefined) void make();
      return state!;
    },
    item: (point) => source.item(ids[point]!, sample.rows[point]!),
    async neighbours(point) {
      const query = values.subarray(point * size, (point + 1) * size);
      const isLeftOut = (other: string) => other === String(point);
      const found = await nearestRows(query, points(sample), { count: NEIGHBOURS, isLeftOut });
      return { rows: found.map((own) => Number(own.id)), cosines: found.map(({ similarity }) => similarity) };
    },
  };
}

/** The sample once, its rows named by their places. */
async function* points({ ids, values, size }: FeatureSample): AsyncGenerator<Embedded> {
  yield { ids: ids.map((_, point) => String(point)), features: { values, count: ids.length, size } };
}

async function readSample(file: string, signal: AbortSignal): Promise<FeatureSample> {
  let sample: FeatureSample | undefined;
  await runThread<FeatureSample>("sample-thread", {
    data: file,
    signal,
    onMessage(message) {
      sample = message;
    },
  });
  return sample!;
}

async function layOut(
  sample: FeatureSample,
  { folder, signal }: Making,
  onProgress: (done: number) => void,
): Promise<Layout> {
  let layout: Layout | undefined;
  await runThread<LayoutMessage>("layout-thread", {
    data: { values: sample.values, size: sample.size },
    signal,
    onMessage(message) {
      if ("done" in message) onProgress(message.done);
      else layout = message.layout;
    },
  });
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    await commitFile(fileOf(sample, folder), Buffer.from(JSON.stringify({ schema: SCHEMA, ...layout })));
  }
  return layout!;
}

/** Another way to lay out has another name. */
const SCHEMA = "autodidact.map/1";
const layoutSchema = z.strictObject({
  schema: z.literal(SCHEMA),
  x: z.array(z.number()),
  y: z.array(z.number()),
});

const fileOf = ({ hash }: FeatureSample, folder: string) => join(folder, `${hash}.json`);

/** undefined where there is none, or what is there is no layout of these points: it is made again. */
async function keptLayout(sample: FeatureSample, folder: string | undefined): Promise<Layout | undefined> {
  if (folder === undefined) return undefined;
  const text = await readFile(fileOf(sample, folder), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { x, y } = layoutSchema.parse(JSON.parse(text));
    return x.length === sample.ids.length && y.length === x.length ? { x, y } : undefined;
  } catch {
    return undefined;
  }
}
