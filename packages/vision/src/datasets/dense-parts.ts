/**
 * Images with answers about places (masks, boxes), in a part to learn from and a part to be measured on, whole in memory.
 */
import {
  type CorruptSampleError,
  contentHash,
  corruptAllowance,
  type Dataset,
  type FoundData,
  heldOutFifth,
  type PartName,
  partNamed,
  readSamples,
  UsageError,
} from "@autodidact/core";

export interface DensePart<Example> {
  readonly examples: readonly Example[];
  /** The hash of examples and answers, in order: `sha256:…`. */
  readonly hash: string;
}

export interface DenseData<Example> {
  /** Their names, by label. */
  readonly classes: readonly string[];
  readonly train: DensePart<Example>;
  readonly test: DensePart<Example>;
  /** The data came without a test part: a fifth was set aside. */
  readonly isTestHeldOut: boolean;
  readonly found: FoundData;
}

export interface DenseReading {
  /** Examples of a part that may be broken: a share below 1, or a count; the greater of 1 % and 10, at most half, unless told. */
  readonly maxCorrupt?: number | undefined;
  /** Told of each broken example that is passed over. */
  readonly onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The part that a folder above names; `all` where none does. */
export function partOf(path: string): PartName {
  const folders = path.split("/").slice(0, -1);
  return folders.map(partNamed).find((part) => part !== undefined && part !== "unlabelled") ?? "all";
}

export interface DenseRows {
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly isTestHeldOut: boolean;
  /** In words. */
  readonly reading: string;
}

/** Tested on the test part, else on the validation part, else on a fifth. */
export function denseRows(parts: readonly PartName[], { who, path }: { who: string; path: string }): DenseRows {
  const of = (name: PartName) => [...parts.keys()].filter((row) => parts[row] === name);
  const learning = of("train").length > 0 ? "train" : "all";
  const rows = of(learning);
  if (rows.length === 0) {
    throw new UsageError(
      `${who}: ${path} must have a part to learn from, got ${[...new Set(parts)].join(", ")} alone.`,
    );
  }
  const test = (["test", "validation"] as const).find((name) => of(name).length > 0);
  if (test !== undefined) {
    const reading = `learns from ${learning}, tested on ${test}`;
    return { train: rows, test: of(test), isTestHeldOut: false, reading };
  }
  if (rows.length < 5)
    throw new UsageError(
      `${who}: ${path} must have 5 images at least, of which a fifth is held out, got ${rows.length}.`,
    );
  const split = heldOutFifth(new Int32Array(rows.length), 1);
  const [train, held] = [split.train, split.test].map((some) => some.map((row) => rows[row]!));
  return { train: train!, test: held!, isTestHeldOut: true, reading: `a fifth of ${learning} is held out for testing` };
}

/** Those that can be read; too many that cannot are refused by name. */
export async function readExamples<Example>(
  dataset: Dataset<Example>,
  rows: readonly number[],
  { who, maxCorrupt, onCorrupt, signal }: DenseReading & { who: string },
): Promise<Example[]> {
  const corrupt: CorruptSampleError[] = [];
  const examples: Example[] = [];
  const reading = { rows, signal, onCorrupt: (error: CorruptSampleError) => corrupt.push(error) };
  for await (const example of readSamples(dataset, reading)) examples.push(example);
  for (const error of corrupt) onCorrupt?.(error);
  const most = corruptAllowance({ examples: rows.length, maxCorrupt });
  if (corrupt.length > most) {
    const shown = corrupt.slice(0, 20).map(({ message }) => `  ${message}`);
    throw new UsageError(
      `${who}: at most ${most} of ${rows.length} images may be broken, and ${corrupt.length} cannot be read:\n${shown.join("\n")}\n` +
        `Repair or remove them, or allow it by { maxCorrupt: ${corrupt.length} }.`,
    );
  }
  return examples;
}

export function partHash<Example>(
  examples: readonly Example[],
  contentOf: (example: Example) => readonly (string | Uint8Array)[],
): string {
  return contentHash(examples.flatMap(contentOf));
}
