/**
 * Perplexity for people: the model, itself before it learned, and token frequencies.
 */
import pc from "picocolors";
import { grouped } from "../progress.js";
import { table } from "../table.js";
import type { Perplexity } from "./perplexity.js";

interface Row {
  readonly loss: number;
  readonly perplexity: number;
  readonly accuracy: number;
  readonly bitsPerByte?: number;
  readonly relation?: { readonly accuracy: number };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

export function perplexityTable({ kind, model, randomInit, unigram }: Perplexity): string {
  const isCausal = kind === "windows";
  const isPairs = model.relation !== undefined;
  const cells = (name: string, { loss, perplexity, accuracy, bitsPerByte, relation }: Row) => [
    ...[name, loss.toFixed(4), perplexity < 1e5 ? perplexity.toFixed(2) : perplexity.toExponential(2)],
    ...(isCausal ? [bitsPerByte?.toFixed(4) ?? "–"] : []),
    percent(accuracy),
    ...(isPairs ? [relation === undefined ? percent(chanceOf(model)) : percent(relation.accuracy)] : []),
  ];
  const head = [
    "",
    "loss, nats",
    "perplexity",
    ...(isCausal ? ["bits a byte"] : []),
    "tokens right",
    ...(isPairs ? ["pairs right"] : []),
  ];
  const ours = cells("the model", model).map((cell, i) => (i === 0 ? cell : pc.bold(cell)));
  return table(head, [ours, cells("random init", randomInit), cells("token frequencies", unigram)]);
}

/** Always guessing the commoner relation. */
const chanceOf = ({ relation }: Perplexity["model"]) => Math.max(relation!.share, 1 - relation!.share);

/** What the figures are of. */
export function describePerplexity({ on, kind, tokens, bytes, unigramCountedOn }: Perplexity): string {
  const predicted =
    kind === "windows"
      ? "every token from those before it"
      : "hidden tokens (15 %) from all others: not the probability of the text";
  const counted =
    unigramCountedOn === "this text" ? " Frequencies are of this very text: better than they can be." : "";
  return `${on}: ${grouped(tokens)} tokens, ${grouped(bytes)} bytes. Predicted: ${predicted}.${counted}`;
}
