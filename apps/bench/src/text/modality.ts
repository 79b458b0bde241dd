/**
 * Text, as the commands need it.
 */
import { basename } from "node:path";
import { counted } from "@autodidact/core";
import { probeTasks } from "@autodidact/evaluate";
import { architectures, describeHeldOut, describeModel, inspectTexts, openDocuments } from "@autodidact/text";
import {
  documentReading,
  documentReadingOf,
  inspectReading,
  parseTextSettings,
  planText,
  settledTextLearner,
  type TextCard,
  type TextOptions,
  type TextSettings,
  tableReading,
  tableReadingOf,
  textMethods,
  textOptionGroups,
} from "@autodidact/text/cards";
import { fillMaskCommand } from "../commands/fill-mask.js";
import { generateCommand } from "../commands/generate.js";
import { tokenizerCommand } from "../commands/tokenizer.js";
import type { Modality } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { isFound } from "../other-data.js";
import { commandLine } from "../resume-command.js";
import { textAdvice } from "./advice-sample.js";
import { embedText, examineText, predictText, textNeighbours } from "./features.js";
import { textItems } from "./items.js";
import { textLessons } from "./lessons.js";
import { perplexityTask } from "./perplexity-task.js";
import { quickText } from "./quick.js";
import { textQuickstart } from "./quickstart.js";

const cardNamed = (method: string): TextCard => textMethods[method as TextSettings["method"]];

export const text: Modality<TextSettings, TextOptions> = {
  data: "text",
  methods: textMethods,
  saveEvery: "a twentieth of the steps, at most 500",
  options: (method) => textOptionGroups(cardNamed(method)),
  examples: (method) => [
    `${method} --data speeches`,
    `${method} --data mails.jsonl --column body --preset tiny --steps 5000`,
    `${method} --data notes --init models/${cardNamed(method).continues} --epochs 1`,
    ...(cardNamed(method).examples === "blocks"
      ? [`${method} --data proteins.fasta --tokenizer-kind protein --no-pack`]
      : []),
    `${method} --out runs/${method}-speeches --resume`,
  ],
  plan: (method, path, typed) => toldInFlags(planText(cardNamed(method), path, typed)),
  parse: parseTextSettings,
  describe: ({ method, model, data, context, steps, batchSize, seed, tokenizer, init }) =>
    [
      `${method}: ${describeModel(model)}${init === null ? "" : ` continued from ${init}`}`,
      `${basename(data.path)} in ${tokenizer.vocabularySize} pieces`,
      `${counted(steps, "steps")} of ${batchSize} × ${context} tokens, adamw, seed ${seed}`,
    ].join("; "),
  learner: settledTextLearner,
  conclude: ({ method }, folder, watched) => ({
    lines: watched === undefined ? [] : [describeHeldOut(watched.metrics)],
    next:
      cardNamed(method).examples === "windows"
        ? { why: "What has it to say?", command: `generate ${commandLine([folder])} --prompt "The "` }
        : { why: "What does it put in?", command: `fill-mask ${commandLine([folder])} "text with [MASK]"` },
  }),
  modelTypes: Object.keys(architectures),
  labelledData:
    "labelled texts (.tsv, .csv, .jsonl, .parquet, or a folder with train.tsv and test.tsv), or any text for perplexity",
  tasks: { ...probeTasks(examineText, tableReading), perplexity: perplexityTask },
  lessons: textLessons,
  reading: documentReading,
  embed: embedText,
  predict: predictText,
  items: textItems,
  neighbours: textNeighbours,
  holds: (path) => isFound(openDocuments(path)),
  inspect(path, { column, typed = {}, signal, show }) {
    const { maxCorrupt: _, ...reading } = { ...documentReadingOf(typed), ...tableReadingOf(typed) }; // all that is broken is told
    const onProgress = (texts: number) => show(counted(texts, "texts"));
    return toldInFlags(inspectTexts(path, { column, ...reading, signal, onProgress }));
  },
  inspectReading,
  commands: [tokenizerCommand, fillMaskCommand, generateCommand],
  advice: textAdvice,
  quickstart: textQuickstart,
  quick: quickText,
};
