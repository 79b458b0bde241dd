/**
 * What is said while data is read: what was understood of it, what is broken and passed over, how far it is.
 */
import { counted, describeFoundData, describePassedOver, type FoundData, grouped, skipping } from "@autodidact/core";

interface Telling {
  show(text: string): void;
  print(text: string): void;
}

/** `noun` is what several examples are called. */
export function readingTold(noun: string, { show, print }: Telling) {
  const onCorrupt = skipping(print);
  return {
    onCorrupt,
    onFound(found: FoundData) {
      for (const text of describeFoundData(found, noun)) print(text);
    },
    onProgress: (done: number, all?: number) =>
      show(all === undefined ? counted(done, noun) : `${grouped(done)} of ${counted(all, noun)}`),
    /** When all is read: how many were broken. */
    conclude: () => onCorrupt.conclude(noun),
  };
}

/** The same where parts and classes are of no matter: what is not read. */
export function passedOverTold(noun: string, telling: Telling) {
  const onFound = (found: FoundData) => {
    for (const text of describePassedOver(found)) telling.print(text);
  };
  return { ...readingTold(noun, telling), onFound };
}
