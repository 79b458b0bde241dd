/** What is broken and passed over: the first of them by name, at the end how many. */
export interface Skipping {
  (error: Error): void;
  /** Says how many, where there were any; `examples` in the plural: "images". */
  conclude(examples: string): void;
}

const NAMED = 10;

export function skipping(print: (text: string) => void): Skipping {
  let count = 0;
  const add = ({ message }: Error) => {
    count += 1;
    if (count <= NAMED) print(`skipped: ${message}`);
    if (count === NAMED + 1) print("skipped: more, which are counted");
  };
  const conclude = (examples: string) => {
    if (count > 0)
      print(`skipped in all: ${count} ${count === 1 ? examples.replace(/s$/, "") : examples} that could not be read`);
  };
  return Object.assign(add, { conclude });
}
