/**
 * Broken documents are counted, named and passed over; too many stop the reading.
 */
import { CorruptSampleError } from "@autodidact/core";

export interface CorruptOptions {
  /** Above this share of the documents (0 to 1) broken ones stop the reading; 0.01 unless told. */
  maxCorruptFraction?: number;
  /** Told of each broken document that is passed over. */
  onCorrupt?: (error: CorruptSampleError) => void;
}

/** While the number of documents is not known yet, it is taken to be at least this. */
const fewest = 1000;

/** What is whole. `isCounted` says of an item whether it is a document (and not a further part of one). */
export async function* withoutCorrupt<Item extends object>(
  who: string,
  items: AsyncIterable<Item | CorruptSampleError>,
  options: CorruptOptions,
  isCounted: (item: Item) => boolean = () => true,
): AsyncGenerator<Item> {
  const { maxCorruptFraction = 0.01, onCorrupt } = options;
  const first: CorruptSampleError[] = [];
  let corrupt = 0;
  let seen = 0;

  function assertFew(of: number): void {
    if (corrupt <= maxCorruptFraction * of) return;
    const shown = first.map(({ message }) => `  ${message}`);
    if (corrupt > first.length) shown.push(`  and ${corrupt - first.length} more`);
    throw new Error(
      `${who}: at most ${maxCorruptFraction * 100} % of the documents may be broken, found ${corrupt} in ${seen} so far:\n` +
        `${shown.join("\n")}\nRepair or remove them, or raise maxCorruptFraction.`,
    );
  }

  for await (const item of items) {
    if (!(item instanceof CorruptSampleError)) {
      if (isCounted(item)) seen += 1;
      yield item;
      continue;
    }
    seen += 1;
    corrupt += 1;
    if (first.length < 20) first.push(item);
    assertFew(Math.max(seen, fewest));
    onCorrupt?.(item);
  }
  assertFew(seen);
}
