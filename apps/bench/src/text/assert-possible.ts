/**
 * What cannot come to anything whatever the text is: refused before minutes of tokenizing.
 */
import { readTokenizer } from "@autodidact/text";
import { filled } from "../typed-option.js";
import { UsageError } from "../usage-error.js";
import { architectures } from "./architectures.js";
import type { TextCard } from "./card.js";
import { CONTEXT, type TextOptions, textOptions } from "./options.js";

export async function assertPossible(card: TextCard, typed: TextOptions): Promise<void> {
  assertHeads(card, typed);
  await assertMask(card, typed);
}

/** Each head has an equal part of the width. */
function assertHeads(card: TextCard, typed: TextOptions): void {
  if (typed.init !== undefined) return; // its config says
  const {
    preset = "mini",
    architecture = card.architectures[0]!,
    context = CONTEXT,
    ...options
  } = filled(textOptions, typed);
  const tokenizer = { vocabularySize: 1, special: {} }; // neither changes a layer
  const config = architectures[architecture](preset, { ...options, context, tokenizer });
  const [width, heads] = [config.hidden_size ?? config.n_embd, config.num_attention_heads ?? config.n_head].map(Number);
  if (width! % heads! === 0) return;
  throw new UsageError(`--heads must divide --width, got ${heads} heads of a layer of width ${width}.`);
}

/** What is hidden stands behind a token of its own. */
async function assertMask({ name, examples }: TextCard, typed: TextOptions): Promise<void> {
  if (examples === "windows") return;
  const from = typed.tokenizer ?? typed.init;
  if (from === undefined) {
    if (typed.tokenizerKind !== "byte-bpe") return;
    throw new UsageError(`--tokenizer-kind byte-bpe has no [MASK], and ${name} hides words behind it. Take wordpiece.`);
  }
  if ((await readTokenizer(from)).special.mask !== undefined) return;
  const option = typed.tokenizer === undefined ? "--init" : "--tokenizer";
  throw new UsageError(`${option} ${from}: its tokenizer has no mask token, and ${name} hides words behind it.`);
}
