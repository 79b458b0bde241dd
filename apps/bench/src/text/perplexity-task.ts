/**
 * How well a text model tells text, as a task of `evaluate`.
 */
import { join, resolve } from "node:path";
import { parameterCount, skipping } from "@autodidact/core";
import { filled, whole } from "@autodidact/core/cards";
import { circumstancesOf, describeSubject, type EvaluationTask, modelCost, textRecord } from "@autodidact/evaluate";
import { describePerplexity, loadTextEncoder, openDocuments, perplexityOf } from "@autodidact/text";
import {
  columnOption,
  documentReading,
  documentReadingOf,
  parseTextSettings,
  textMethods,
} from "@autodidact/text/cards";

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
  version: 1,
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
      open: () => openDocuments(data, { ...documentReadingOf(typed), column, onCorrupt: skipping(line.print) }),
      kind: settings && textMethods[settings.method].examples,
      packed: settings?.data.packed,
      wholeWords: settings?.wholeWords,
      seed,
      stride,
      line,
      signal,
    });
    line.print(describePerplexity(perplexity));
    const subject = describeSubject(loaded, loaded.model.config, folder);
    const cost = modelCost({}, parameterCount(loaded.model));
    yield textRecord(perplexity, { subject, seed, stride, ...circumstances(cost) });
  },
};
