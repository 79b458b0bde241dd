/**
 * Prepares the next items while the current one is being used.
 */
export interface AheadOptions<Made> {
  /** Items prepared beyond the current one; 1 unless told. */
  depth?: number;
  /** Called for each prepared item that nobody took. */
  discard?(made: Made): void;
}

/** `make` of each item, in order, `depth` items ahead of the consumer. The source's iterator must accept `next` before the last one settled. */
export async function* ahead<Item, Made>(
  source: AsyncIterable<Item>,
  make: (item: Item) => Made | Promise<Made>,
  { depth = 1, discard }: AheadOptions<Made> = {},
): AsyncGenerator<Made> {
  const iterator = source[Symbol.asyncIterator]();
  const pending: Promise<{ made: Made } | undefined>[] = [];

  function prepare(): void {
    while (pending.length < depth + 1) {
      const next = iterator.next().then(async ({ done, value }) => (done ? undefined : { made: await make(value) }));
      next.catch(() => {}); // thrown when its turn comes
      pending.push(next);
    }
  }

  try {
    while (true) {
      prepare();
      const next = await pending[0]!;
      pending.shift();
      if (next === undefined) return;
      yield next.made;
    }
  } finally {
    for (const rest of await Promise.allSettled(pending)) {
      if (rest.status === "fulfilled" && rest.value !== undefined) discard?.(rest.value.made);
    }
    await iterator.return?.();
  }
}
