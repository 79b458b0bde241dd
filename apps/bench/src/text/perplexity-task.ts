/**
 * How well a text model tells text, as a task of `evaluate`.
 */
import { join, resolve } from "node:path";
import { createRandom } from "@autodidact/core";
import { circumstancesOf, describeSubject, type Predicted, perplexityRecord } from "@autodidact/evaluate";
import { describePerplexity, type HeldOut, loadTextEncoder, perplexityOf, type TokenMeasure } from "@autodidact/text";
import type { EvaluationTask } from "../evaluation.js";
import { filled, whole } from "../typed-option.js";
import { openAll } from "./open-all.js";
import { columnOption } from "./options.js";
import { documentReading, documentReadingOf } from "./reading-options.js";
import { parseTextSettings, textMethods } from "./settings.js";

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
    const circumstances = circumstancesOf(engine);
    const loaded = await loadTextEncoder(folder);
    const settings = loaded.config && parseTextSettings(loaded.config, join(folder, "config.json"));
    const perplexity = await perplexityOf(loaded, {
      folder,
      data,
      isOwn: settings && resolve(data) === settings.data.path,
      cache: settings?.cache,
      open: () => openAll(data, { ...documentReadingOf(typed), column }, line.print),
      kind: settings && textMethods[settings.method].examples,
      packed: settings?.data.packed,
      wholeWords: settings?.wholeWords,
      seed,
      stride,
      line,
      signal,
    });
    line.print(describePerplexity(perplexity));
    const { on, kind, hash, model, randomInit, unigram, tokens, bytes, unigramCountedOn } = perplexity;
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
        subject: describeSubject(loaded, loaded.model.config, folder),
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
