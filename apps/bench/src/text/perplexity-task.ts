/**
 * How well a text model tells text, as a task of `evaluate`.
 */
import { createRandom } from "@autodidact/core";
import { circumstancesOf, type Predicted, perplexityRecord } from "@autodidact/evaluate";
import type { HeldOut, TokenMeasure } from "@autodidact/text";
import type { EvaluationTask } from "../evaluation.js";
import { grouped } from "../progress.js";
import { filled, whole } from "../typed-option.js";
import { columnOption } from "./options.js";
import { type Perplexity, perplexityOf } from "./perplexity.js";
import { documentReading, documentReadingOf } from "./reading-options.js";

const own = {
  column: columnOption,
  ...documentReading,
  stride: whole(
    "of next tokens: from one window's start to the next's; below the context each is predicted from more",
    {
      unit: "tokens",
      usually: "the context",
    },
  ),
};

export const perplexityTask: EvaluationTask = {
  summary: "how well a model tells text without labels, beside token frequencies",
  options: own,
  async *run({ folder, data, seed }, typed, { engine, line, signal }) {
    const { column, stride } = filled(own, typed);
    const reading = documentReadingOf(typed);
    const circumstances = circumstancesOf(engine);
    const perplexity = await perplexityOf(folder, data, { column, reading, seed, stride }, { line, signal });
    line.print(describePerplexity(perplexity));
    const { on, kind, hash, model, randomInit, unigram, subject, tokens, bytes, unigramCountedOn } = perplexity;
    yield perplexityRecord(
      { model: predicted(model), randomInit: predicted(randomInit), unigram: predicted(unigram) },
      {
        task: {
          name: on,
          version: 1,
          modality: "text",
          classes: null,
          train: null,
          test: { examples: tokens, hash },
        },
        subject,
        settings: {
          predicted: kind,
          measured: model.tokens,
          ...(stride !== undefined && { stride }),
          tokens,
          bytes,
          frequenciesOf: unigramCountedOn,
        },
        seed,
        random: createRandom(seed),
        bytesPerToken: kind === "windows" ? bytes / tokens : undefined,
        ...circumstances(),
      },
    );
  },
};

/** Sequences are not told apart: there is one sum of all. */
function predicted({ loss, accuracy, tokens, relation }: TokenMeasure & Pick<HeldOut, "relation">): Predicted {
  const sums = { nats: [loss * tokens], right: [accuracy * tokens], tokens: [tokens] };
  if (relation === undefined) return { tokens: sums };
  const { pairs, share } = relation;
  return { tokens: sums, pairs: { right: [relation.accuracy * pairs], pairs: [pairs], share } };
}

/** What the figures are of. */
export function describePerplexity(perplexity: Omit<Perplexity, "subject">): string {
  const { on, kind, tokens, bytes, unigramCountedOn, model } = perplexity;
  const predicted =
    kind === "windows"
      ? "every token from those before it"
      : "hidden tokens (15 %) from all others: not the probability of the text";
  const counted =
    unigramCountedOn === "this text" ? " Frequencies are of this very text: better than they can be." : "";
  return `${on}: ${grouped(tokens)} tokens, ${grouped(bytes)} bytes. Predicted: ${predicted}; ${grouped(model.tokens)} of them in every row.${counted}`;
}
