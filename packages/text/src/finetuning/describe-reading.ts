/**
 * What a model makes of labelled sentences and of pairs, in words: what is cut, read in parts, left out.
 */
import { counted, grouped } from "@autodidact/core";
import type { SentenceReading } from "./fine-tune-tokens.js";
import type { PairReading } from "./fine-tune-translation.js";

export function describeSentenceReading({ length, parted, cutWords, isTornApart }: SentenceReading): string[] {
  const room = length - 2;
  const told: string[] = [];
  if (parted > 0)
    told.push(
      `${grouped(parted)} training sentences are longer than the ${room} pieces that the model reads at once: they are read in parts that overlap`,
    );
  if (cutWords > 0) told.push(`${grouped(cutWords)} words have more than ${room} pieces: the first ${room} are read`);
  if (isTornApart)
    told.push(
      "the tokenizer joins residues, and labels are one a residue: each is read alone, which the run never saw. A run with { kmer: 1 } fits better",
    );
  return told;
}

export function describePairReading({
  separator,
  end,
  added,
  length,
  tooLong,
  unread,
  maxTokens,
}: PairReading): string[] {
  const whose = (token: string) => `${token}${added.includes(token) ? ", which is added to the tokenizer," : ""}`;
  const told = [
    `between source and target stands ${whose(separator)} and behind the target ${end}${added.includes(end) ? ", which is added too" : ""}; a translation has at most ${grouped(maxTokens)} tokens`,
  ];
  const named = (pairs: PairReading["tooLong"]) =>
    `${pairs
      .slice(0, 3)
      .map(({ id }) => id)
      .join(", ")}${pairs.length > 3 ? ", …" : ""}`;
  if (tooLong.length > 0)
    told.push(
      `not learned from: ${counted(tooLong.length, "pairs")} longer than the ${length} tokens that the model reads at once (${named(tooLong)})`,
    );
  if (unread.length > 0)
    told.push(
      `not translated, and counted as wrong: ${counted(unread.length, "test sources")} that leave no place among the ${length} tokens (${named(unread)})`,
    );
  return told;
}
