/**
 * Pairs of sentences of both kinds: what there is to tell apart.
 */
import { UsageError } from "@autodidact/core";
import type { Examples } from "./examples-of.js";

type Pairs = Pick<Examples, "kind" | "labelCounts">;

/** Refuses pairs of one kind alone: there would be nothing to tell apart, and guessing would be right always. */
export function assertBothKinds({ kind, labelCounts }: Pairs): void {
  if (labelCounts === undefined || Math.min(...labelCounts) > 0) return;
  const [zeros, ones] = labelCounts;
  const [first, second] = kindsOfPairs(kind);
  throw new UsageError(
    `${kind} must have pairs of both kinds, got ${zeros} that ${first} and ${ones} that ${second}. ` +
      "Take more documents of several sentences each, a greater `context`, or pretrain masked-lm, which needs no pairs.",
  );
}

/** Which share of the pairs says what, in words: chance is the greater. */
export function describeBalance({ kind, labelCounts }: Pairs): string | undefined {
  if (labelCounts === undefined) return undefined;
  const [zeros, ones] = labelCounts;
  const [first, second] = kindsOfPairs(kind);
  const share = (count: number) => `${((100 * count) / (zeros + ones)).toFixed(1)} %`;
  return `pairs: ${zeros + ones}, of which ${share(zeros)} ${first} and ${share(ones)} ${second}`;
}

const kindsOfPairs = (kind: Examples["kind"]) =>
  kind === "next-sentence" ? ["follow", "are random"] : ["stand as written", "are swapped"];
