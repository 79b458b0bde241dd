/**
 * All samples that can be read, where few enough cannot.
 */

import { UsageError } from "../usage-error.js";
import { corruptAllowance } from "./corrupt-allowance.js";
import type { CorruptSampleError, Dataset } from "./dataset.js";
import { readSamples } from "./read-samples.js";

export interface ReadAllowedOptions {
  /** Who was asked, for errors: "openLabelledImages". */
  readonly who: string;
  /** What the samples are: "images". */
  readonly noun: string;
  /** Which, in this order; all of them unless told. */
  readonly rows?: readonly number[] | undefined;
  /** Samples that may be broken: a share below 1, or a count; the greater of 1 % and 10, at most half, unless told. */
  readonly maxCorrupt?: number | undefined;
  /** Told of each broken sample that is passed over. */
  readonly onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Throws where more are broken than may be, after all were looked at, and names them. */
export async function readAllowed<Sample>(dataset: Dataset<Sample>, options: ReadAllowedOptions): Promise<Sample[]> {
  const { rows = [...Array(dataset.length).keys()], maxCorrupt, onCorrupt, signal } = options;
  const samples: Sample[] = [];
  const corrupt: CorruptSampleError[] = [];
  const reading = { rows, onCorrupt: (error: CorruptSampleError) => corrupt.push(error), signal };
  for await (const sample of readSamples(dataset, reading)) samples.push(sample);
  for (const error of corrupt) onCorrupt?.(error);
  const most = corruptAllowance({ examples: rows.length, maxCorrupt });
  if (corrupt.length > most) throw tooManyCorrupt(options, corrupt, { most, of: rows.length });
  return samples;
}

const SHOWN = 20;

function tooManyCorrupt(
  { who, noun }: ReadAllowedOptions,
  corrupt: readonly CorruptSampleError[],
  { most, of }: { most: number; of: number },
): Error {
  const shown = corrupt.slice(0, SHOWN).map(({ message }) => `  ${message}`);
  if (corrupt.length > shown.length) shown.push(`  and ${corrupt.length - shown.length} more`);
  return new UsageError(
    `${who}: at most ${most} of ${of} ${noun} may be broken, and ${corrupt.length} cannot be read:\n${shown.join("\n")}\n` +
      `Repair or remove them, or allow it by { maxCorrupt: ${corrupt.length} }.`,
  );
}
