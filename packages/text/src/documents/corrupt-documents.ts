/**
 * Broken documents are counted, named and passed over; too many stop the reading.
 */
import { CorruptSampleError, corruptAllowance, UsageError } from "@autodidact/core";

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

  function assertFew({ isEnd }: { isEnd: boolean }): void {
    const allowed = corruptAllowance({ examples: isEnd ? seen : Math.max(seen, FEWEST), maxCorrupt });
    if (corrupt > allowed) throw tooManyCorrupt(who, first, { corrupt, allowed, seen, isEnd });
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
    assertFew({ isEnd: false });
    onCorrupt?.(item);
  }
  assertFew({ isEnd: true });
}

interface Count {
  readonly corrupt: number;
  readonly allowed: number;
  readonly seen: number;
  /** All have been seen. */
  readonly isEnd: boolean;
}

function tooManyCorrupt(who: string, first: readonly CorruptSampleError[], count: Count): Error {
  const { corrupt, allowed, seen, isEnd } = count;
  const shown = first.map(({ message }) => `  ${message}`);
  if (corrupt > first.length) shown.push(`  and ${corrupt - first.length} more`);
  if (isEnd && corrupt === seen) {
    const [only] = first;
    return new UsageError(
      corrupt === 1
        ? `${who}: nothing can be read. ${only!.message}. Repair it, or name other text.`
        : `${who}: nothing can be read, all ${seen} are broken:\n${shown.join("\n")}\nRepair them, or name other text.`,
    );
  }
  const found = isEnd
    ? `of ${seen} may be broken, found ${corrupt}`
    : `may be broken, found ${corrupt} in the first ${seen}`;
  return new UsageError(
    `${who}: at most ${allowed} ${found}:\n${shown.join("\n")}\n` +
      `Repair or remove them, or allow for more: { maxCorrupt: ${isEnd ? corrupt : 2 * corrupt} }.`,
  );
}
