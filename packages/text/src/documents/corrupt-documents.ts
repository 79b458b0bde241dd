/**
 * Broken documents are counted, named and passed over; too many stop the reading.
 */
import { CorruptSampleError, corruptAllowance } from "@autodidact/core";

export interface CorruptOptions {
  /**
   * Above so many broken ones the reading stops: a share of the documents below 1, or a count; the greater of 1 % and 10, but at most half
   * of them, unless told.
   */
  maxCorrupt?: number | undefined;
  /** Told of each broken document that is passed over. */
  onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
}

/** While the number of documents is not known yet, it is taken to be at least this. */
const FEWEST = 1000;
/** Of broken ones so many are named. */
const SHOWN = 20;

/** What is whole. `isCounted` says of an item whether it is a document (and not a further part of one). */
export async function* withoutCorrupt<Item extends object>(
  who: string,
  items: AsyncIterable<Item | CorruptSampleError>,
  options: CorruptOptions,
  isCounted: (item: Item) => boolean = () => true,
): AsyncGenerator<Item> {
  const { maxCorrupt, onCorrupt } = options;
  const first: CorruptSampleError[] = [];
  let corrupt = 0;
  let seen = 0;

  function assertFew(of: number): void {
    const allowed = corruptAllowance({ examples: of, maxCorrupt });
    if (corrupt <= allowed) return;
    const shown = first.map(({ message }) => `  ${message}`);
    if (corrupt > first.length) shown.push(`  and ${corrupt - first.length} more`);
    throw new Error(
      `${who}: at most ${allowed} of ${of === seen ? "" : "about "}${of} may be broken, found ${corrupt} in ${seen}:\n` +
        `${shown.join("\n")}\nRepair or remove them, or allow for more: { maxCorrupt: ${2 * corrupt} }.`,
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
    if (first.length < SHOWN) first.push(item);
    assertFew(Math.max(seen, FEWEST));
    onCorrupt?.(item);
  }
  assertFew(seen);
}
