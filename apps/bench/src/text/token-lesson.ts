/**
 * The lesson in labels of words and residues: entities, parts of speech, structures.
 */
import { basename } from "node:path";
import { choice } from "@autodidact/core/cards";
import {
  budgetOf,
  describeSentences,
  describeTokenAnswer,
  type Lesson,
  lessonOf,
  tokenClasses,
  tokenLessonRecord,
} from "@autodidact/evaluate";
import {
  describeSentenceReading,
  drawnShare,
  type FineTunedTokens,
  fineTuneTokens,
  type LabelledSentences,
  openLabelledSentences,
  type SentenceReading,
} from "@autodidact/text";
import { tableReading, tableReadingOf } from "@autodidact/text/cards";
import { textSubject, usualOfTexts } from "./features.js";

/** The same options as of labelled texts, told of what each task has in its columns. */
export const columnReading = {
  ...tableReading,
  textColumn: {
    ...tableReading.textColumn,
    help: "that holds the text (of tokens the word, of translation the source), or its number",
  },
  labelColumn: {
    ...tableReading.labelColumn,
    help: "that holds the class (of tokens the label, of translation the target), or its number",
  },
};

export const tokenLesson: Lesson = lessonOf<LabelledSentences, FineTunedTokens>({
  summary:
    "sentences with a label a word (CoNLL's columns: .conll, .conllu, .bio, .txt), or sequences with labels as long (.tsv)",
  hasClasses: false,
  hasShares: true,
  options: {
    ...columnReading,
    judged: choice(["entities", "tokens"])("of tokens: whole entities, or each token for itself", {
      usually: "entities where labels begin with B-, I-, E-, S-",
    }),
  },
  examples: "sentences",
  usual: usualOfTexts,
  open({ data, validation, typed = {} }, { onCorrupt }) {
    const judged = typed.judged as LabelledSentences["judged"] | undefined;
    return openLabelledSentences(data, { ...tableReadingOf(typed), test: validation, judged, onCorrupt });
  },
  found: ({ found }) => found,
  fineTune({ folder, labelShare: share }, data, teaching) {
    const onReading = (how: SentenceReading) => describeSentenceReading(how).forEach(teaching.print);
    return fineTuneTokens(folder, data, { ...teaching, share, onReading });
  },
  describe: (result, data, asked) => [`${describeTokenAnswer(result, data)} of ${asked}`],
  subject: textSubject,
  record(results, data, told, { data: path, labelShare: share }) {
    const seen = drawnShare(data.train.length, { share }, 0).map((row) => data.train[row]!); // as many of any seed
    const task = describeSentences(basename(path), { ...data, classes: tokenClasses(data) });
    const settings = { ...told.settings, judged: data.judged, ...budgetOf(share, seen.length) };
    return tokenLessonRecord(results, { ...data, train: seen }, { ...told, task, settings });
  },
});
