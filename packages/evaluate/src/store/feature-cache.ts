/**
 * Features that were made before, in a folder of safetensors files, each known by what it was made of and never by a name.
 *
 * A file appears whole or not at all, its numbers are checked by their hash when they are read, and what was used longest ago makes way where the folder grows
 * beyond its limit. It can be deleted at any time: features are made again.
 */
import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import {
  contentHash as bytesHash,
  describeEnvironment,
  type EngineDescription,
  exists,
  type FeatureTable,
  floatsOf,
  readSafetensors,
  type StoredTensor,
  storeFloats,
  version,
  writeSafetensors,
} from "@autodidact/core";
import { z } from "zod";
import { canonicalJson, contentHash } from "../record/content-address.js";

/** All that decides what features are, but for the engine and this program's version, which the cache knows. */
export interface FeatureSource {
  /** The hash of the encoder's weights. */
  readonly weights: string;
  /** How the encoder is built, how its inputs are prepared, which layer is taken and how it is pooled, as JSON holds it. */
  readonly preparation: unknown;
  /** The hash of the examples, in order. */
  readonly data: string;
}

export interface FeatureCache {
  /** Those that are there, else those that `make` gives, which are kept. */
  features(source: FeatureSource, make: () => Promise<FeatureTable>): Promise<FeatureTable>;
}

export interface FeatureCacheOptions {
  /** Engines round differently. */
  readonly engine: EngineDescription;
  /** Bytes that the folder may hold; 4 GiB unless told. */
  readonly maxBytes?: number | undefined;
  /** Is told of files that were damaged, and of what could not be kept. */
  say?(text: string): void;
}

const SCHEMA = "autodidact.features/1";
/** What stands beside the numbers. */
const described = z.object({ schema: z.literal(SCHEMA), madeOf: z.string(), hash: z.string(), rest: z.string() });
const rest = z.object({
  layers: z.int().min(1).optional(),
  flops: z.object({ perRow: z.number().nullable(), uncounted: z.array(z.string()) }).optional(),
});

/** The folder is made with its first file. */
export function featureCache(
  folder: string,
  { engine, maxBytes = 4 * 2 ** 30, say = () => {} }: FeatureCacheOptions,
): FeatureCache {
  const environment = { ...describeEnvironment(engine), autodidact: version };
  return {
    async features(source, make) {
      const madeOf = canonicalJson({ ...source, environment });
      const path = join(folder, `${contentHash({ madeOf }).slice("sha256:".length)}.safetensors`);
      const kept = await readKept(path, madeOf, say);
      if (kept !== undefined) return kept;
      const made = await make();
      await keep(made, { path, madeOf, folder, maxBytes }).catch((error: Error) =>
        say(`Features could not be kept, and are made again when they are needed: ${error.message}`),
      );
      return made;
    },
  };
}

/** Throws where the file is damaged. */
export async function readFeatures(path: string): Promise<FeatureTable & { readonly madeOf: string }> {
  const { tensors, metadata } = await readSafetensors(path);
  const { madeOf, hash, rest: beside } = described.parse(metadata);
  const tensor = tensors.get("features");
  const values = tensor && floatsOf(tensor);
  if (values === undefined || hash !== hashOf(tensor!)) throw new Error("its numbers are not those that were written");
  const [count, size] = tensor!.shape as [number, number];
  return { values, count, size, ...rest.parse(JSON.parse(beside)), madeOf };
}

/** Undefined where there are none, or they are damaged, which is said. */
async function readKept(
  path: string,
  expected: string,
  say: (text: string) => void,
): Promise<FeatureTable | undefined> {
  if (!(await exists(path))) return undefined;
  try {
    const { madeOf, ...table } = await readFeatures(path);
    if (madeOf !== expected) throw new Error("it is of other features than its name says");
    const now = new Date();
    await utimes(path, now, now);
    return { ...table, isCached: true };
  } catch (error) {
    say(`${path} cannot be read, and its features are made again: ${(error as Error).message}`);
    return undefined;
  }
}

interface Place {
  readonly path: string;
  readonly madeOf: string;
  readonly folder: string;
  readonly maxBytes: number;
}

async function keep(made: FeatureTable, { path, madeOf, folder, maxBytes }: Place): Promise<void> {
  const { values, count, size, layers, flops } = made;
  if (values.byteLength > maxBytes) return;
  const features = storeFloats(values, [count, size]);
  await mkdir(folder, { recursive: true });
  await writeSafetensors(path, [["features", features]], {
    schema: SCHEMA,
    madeOf,
    hash: hashOf(features),
    rest: JSON.stringify({ layers, flops }),
  });
  await makeRoom(folder, maxBytes);
}

const hashOf = ({ bytes, shape }: StoredTensor) => bytesHash([JSON.stringify(shape), bytes]);

/** Paths of the files that a cache wrote. */
export async function featureFilesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.safetensors$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

/** What was used longest ago goes first; another process may take a file away meanwhile. */
async function makeRoom(folder: string, maxBytes: number): Promise<void> {
  const found = await Promise.all(
    (await featureFilesIn(folder)).map(async (path) => {
      const file = await stat(path).catch(() => undefined);
      return file === undefined ? [] : [{ path, bytes: file.size, usedAt: file.mtimeMs }];
    }),
  );
  const files = found.flat().sort((a, b) => a.usedAt - b.usedAt);
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of files) {
    if (total <= maxBytes) return;
    await rm(path, { force: true });
    total -= bytes;
  }
}
