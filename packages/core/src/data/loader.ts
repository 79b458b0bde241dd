/**
 * Batches of samples, epoch after epoch, without end.
 *
 * The order depends on the random stream's seed and the epoch alone: not on the number of readers, nor on where a run was stopped.
 * Every batch carries the position after it, so that reading ahead does not blur what has been used.
 */
import type { Random } from "../random.js";
import { UsageError } from "../usage-error.js";
import { corruptAllowance } from "./corrupt-allowance.js";
import { CorruptSampleError, type Dataset, fingerprint, sampleId } from "./dataset.js";
import { groupedOrder } from "./grouped-order.js";
import { readInOrder } from "./read-in-order.js";

export interface LoaderOptions {
  batchSize: number;
  /** A new order every epoch; needs `random`. True unless told. */
  shuffle?: boolean;
  /** It is only split, never moved. */
  random?: Random;
  /** Batches of samples of like size, for little padding; needs `shuffle` and `Dataset.size`. False unless told. */
  groupBySize?: boolean;
  /** Leaves out the last, smaller batch of an epoch. True unless told: one shape of batch is one compiled step. */
  dropLast?: boolean;
  /** Batches read ahead; 2 unless told. */
  prefetch?: number;
  /** Samples decoded at once; 8 unless told. */
  concurrency?: number;
  /** More corrupt samples stop the run: a share below 1, or a count; the greater of 1 % and 10, at most half, unless told. */
  maxCorrupt?: number | undefined;
}

export interface LoadedBatch<Sample> {
  readonly samples: readonly Sample[];
  readonly ids: readonly string[];
  /** The epoch's number, from 0. */
  readonly epoch: number;
  /** Corrupt samples first met while this batch was filled. */
  readonly corrupt: readonly CorruptSample[];
  /** Where to continue once this batch has been used. */
  readonly after: LoaderState;
}

/** More samples are corrupt than may be. All that were used before stand: a checkpoint of the last step is one to go on from. */
export class TooManyCorruptError extends Error {
  override readonly name = "TooManyCorruptError";

  constructor(
    message: string,
    /** All that were met. */
    readonly corrupt: readonly CorruptSample[],
  ) {
    super(message);
  }
}

export interface CorruptSample {
  readonly index: number;
  readonly id: string;
  readonly reason: string;
}

/** Plain JSON. */
export interface LoaderState {
  readonly epoch: number;
  /** Samples of the epoch's order that are behind. */
  readonly position: number;
  readonly corrupt: readonly CorruptSample[];
  /** Fingerprint of the data's ids. */
  readonly data: string;
  /** The hash of what its files held; absent where the data tells none. */
  readonly contents?: string;
  /** The seed of the orders, and the batch size where samples are grouped; null without shuffling. */
  readonly order: readonly number[] | null;
}

export interface Loader<Sample> {
  readonly batchSize: number;
  /** The batches of an epoch in which no sample is corrupt. */
  readonly batchesPerEpoch: number;
  /** Endless; begins at a saved position or at the start. `force` takes a position saved with other data or another seed. */
  batches(from?: LoaderState, options?: { force?: boolean }): AsyncGenerator<LoadedBatch<Sample>, never>;
}

export function loader<Sample>(dataset: Dataset<Sample>, options: LoaderOptions): Loader<Sample> {
  const { batchSize, shuffle = true, random, groupBySize = false, dropLast = true } = options;
  const { prefetch = 2, concurrency = 8, maxCorrupt } = options;
  assertWhole("batchSize", batchSize, 1);
  assertWhole("prefetch", prefetch, 0);
  assertWhole("concurrency", concurrency, 1);
  if (shuffle && random === undefined)
    throw new Error("loader: shuffle needs a random stream. Pass random, or shuffle: false.");
  if (groupBySize && (!shuffle || dataset.size === undefined))
    throw new Error("loader: groupBySize needs shuffle, and data that tells its samples' sizes (Dataset.size).");
  const batchesPerEpoch = dropLast ? Math.floor(dataset.length / batchSize) : Math.ceil(dataset.length / batchSize);
  if (batchesPerEpoch === 0) {
    throw new UsageError(
      `loader: an epoch must hold a batch, got ${dataset.length} samples and batchSize ${batchSize}. Lower batchSize, or set dropLast to false.`,
    );
  }
  let known: Pick<LoaderState, "data" | "contents"> | undefined;

  function orderOf(epoch: number): Uint32Array | undefined {
    if (!shuffle) return undefined;
    const chance = random!.split("order").split(epoch);
    if (!groupBySize) return chance.permutation(dataset.length);
    const sizes = Uint32Array.from({ length: dataset.length }, (_, index) => dataset.size!(index));
    return groupedOrder(sizes, batchSize, chance);
  }

  async function* batches(from?: LoaderState, { force = false } = {}): AsyncGenerator<LoadedBatch<Sample>, never> {
    known ??= await identityOf(dataset);
    const { data, contents } = known;
    const seed = shuffle ? random!.split("order").state().words : null;
    const order = groupBySize ? [...seed!, batchSize] : seed;
    if (from !== undefined && !force) assertSame(from, { data, contents, order });
    const start = { epoch: from?.epoch ?? 0, position: Math.min(from?.position ?? 0, dataset.length) };
    const isSame = from?.data === data && areSame(from.contents, contents);
    let corrupt: readonly CorruptSample[] = isSame ? from!.corrupt : [];
    const broken = new Set(corrupt.map(({ index }) => index));
    const allowed = corruptAllowance({ examples: dataset.length, maxCorrupt });
    const most = Math.min(allowed, dataset.length - (dropLast ? batchSize : 1));

    /** Every sample's place in the order, epoch after epoch, without those known to be broken. */
    function* places(): Generator<Place, never> {
      for (let { epoch, position } = start; ; epoch += 1, position = 0) {
        const indices = orderOf(epoch);
        for (; position < dataset.length; position += 1) {
          const index = indices?.[position] ?? position;
          if (!broken.has(index)) yield { epoch, position, index };
        }
      }
    }

    let samples: Sample[] = [];
    let ids: string[] = [];
    let met: CorruptSample[] = [];
    let behind: { epoch: number; position: number } = start;

    function take(): LoadedBatch<Sample> {
      const batch = {
        samples,
        ids,
        epoch: behind.epoch,
        corrupt: met,
        after: { ...behind, corrupt, data, ...(contents !== undefined && { contents }), order },
      };
      samples = [];
      ids = [];
      met = [];
      return batch;
    }

    const reading = { concurrency, lookahead: Math.max(1, prefetch) * batchSize };
    for await (const { place, sample } of readInOrder(dataset, places(), reading)) {
      if (place.epoch !== behind.epoch && samples.length > 0) {
        if (!dropLast) yield take();
        samples = [];
        ids = [];
      }
      behind = { epoch: place.epoch, position: place.position + 1 };
      if (broken.has(place.index)) continue; // met while its place in the next epoch was being read
      if (sample instanceof CorruptSampleError) {
        const found = { index: place.index, id: sampleId(dataset, place.index), reason: sample.reason };
        broken.add(place.index);
        met.push(found);
        corrupt = [...corrupt, found];
        if (corrupt.length > most)
          throw new TooManyCorruptError(tooManyCorrupt(corrupt, dataset.length, most).message, corrupt);
        continue;
      }
      samples.push(sample);
      ids.push(sampleId(dataset, place.index));
      if (samples.length === batchSize) yield take();
    }
    throw new Error("loader: the data ended."); // unreachable: `places` has no end
  }

  return { batchSize, batchesPerEpoch, batches };
}

interface Place {
  readonly epoch: number;
  readonly position: number;
  readonly index: number;
}

function assertWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`loader: ${name} must be a whole number from ${least}, got ${value}.`);
  }
}

async function identityOf(dataset: Dataset<unknown>): Promise<Pick<LoaderState, "data" | "contents">> {
  const contents = await dataset.contents?.();
  return { data: fingerprint(dataset), ...(contents !== undefined && { contents }) };
}

/** Positions of before there were such hashes have none. */
const areSame = (before: string | undefined, now: string | undefined) =>
  before === undefined || now === undefined || before === now;

interface Now extends Pick<LoaderState, "data" | "order"> {
  readonly contents: string | undefined;
}

function assertSame(from: LoaderState, { data, contents, order }: Now): void {
  if (from.data !== data) {
    throw new UsageError(
      "loader: the position was saved with other data (their number, names or contents changed). Restore the data, or pass force: true.",
    );
  }
  if (!areSame(from.contents, contents)) {
    throw new UsageError(
      "loader: the position was saved with other data: the names are the same, their contents have changed. Restore the data, or pass force: true.",
    );
  }
  if (JSON.stringify(from.order) !== JSON.stringify(order)) {
    throw new UsageError(
      "loader: the position was saved with another seed, shuffle or grouping. Restore it, or pass force: true.",
    );
  }
}

function tooManyCorrupt(corrupt: readonly CorruptSample[], length: number, most: number): Error {
  const shown = corrupt.slice(0, 20).map(({ id, reason }) => `  ${id}: ${reason}`);
  if (corrupt.length > shown.length) shown.push(`  and ${corrupt.length - shown.length} more`);
  return new Error(
    `loader: at most ${most} of the ${length} samples may be corrupt, found ${corrupt.length} so far:\n${shown.join("\n")}\n` +
      `Repair or remove them, or allow more, e.g. { maxCorrupt: ${2 * corrupt.length} } (a whole batch must remain: lower batchSize).`,
  );
}
