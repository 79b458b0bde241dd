/**
 * The lesson in pairs of a text and its translation.
 */
import { basename } from "node:path";
import { UsageError } from "@autodidact/core";
import { filled, real, whole } from "@autodidact/core/cards";
import {
  bleu,
  budgetOf,
  byContender,
  chrf,
  describeSentences,
  type Lesson,
  lessonOf,
  tokens13a,
  translationRecord,
} from "@autodidact/evaluate";
import {
  describePairReading,
  type FineTunedTranslation,
  fineTuneTranslation,
  isCausalModel,
  loadTextEncoder,
  openTranslations,
  type PairReading,
  type Translations,
} from "@autodidact/text";
import { tableReadingOf } from "@autodidact/text/cards";
import { textSubject, usualOfTexts } from "./features.js";
import { columnReading } from "./token-lesson.js";

/** The words of the longest runs that BLEU counts. */
const RUN = 4;

const beamOptions = {
  beams: whole(4, "of translation: translations that are followed at once; 1 takes the likeliest token always", {
    to: 100,
  }),
  lengthPenalty: real(1, "of translation: log p / length^penalty is its score, above 0 longer ones are preferred"),
};

/** Pairs, and how many of them the model can learn from: known when it has read them. */
type Pairs = Translations & { fitting: number };

export const translationLesson: Lesson = lessonOf<Pairs, FineTunedTranslation>({
  summary:
    "pairs of texts (.tsv of two columns, source and target; .csv, .jsonl, .parquet, or a folder with train.tsv and test.tsv)",
  hasClasses: false,
  hasShares: true,
  options: { ...columnReading, ...beamOptions },
  examples: "pairs",
  answered: "sentences",
  usual: usualOfTexts,
  async open({ folder, data, validation, typed = {} }, { onCorrupt }) {
    const pairs = await openTranslations(data, { ...tableReadingOf(typed), test: validation, onCorrupt });
    if (!isCausalModel((await loadTextEncoder(folder)).model)) {
      throw new UsageError(
        `${folder} does not write next tokens, so it cannot translate. Take a run of next-token, or a GPT-2.`,
      );
    }
    return { ...pairs, fitting: pairs.train.length };
  },
  found: ({ found }) => found,
  *introduce({ test }) {
    if (test.every(({ target }) => tokens13a(target).length < RUN))
      yield `no target of the test part has ${RUN} words, and BLEU counts runs of so many: it is 0 whatever is written. chrF tells`;
  },
  fineTune({ folder, labelShare: share, typed = {} }, pairs, teaching) {
    const onReading = (reading: PairReading) => {
      pairs.fitting -= reading.tooLong.length;
      describePairReading(reading).forEach(teaching.print);
    };
    return fineTuneTranslation(folder, pairs, { ...teaching, share, ...filled(beamOptions, typed), onReading });
  },
  describe(result, _, asked) {
    const [words, characters] = [bleu, chrf].map((metric) => (100 * metric.overall(result)).toFixed(1));
    return [`BLEU ${words}, chrF ${characters} of ${asked}`];
  },
  subject: textSubject,
  record(results, pairs, told, { data: path, labelShare: share, typed = {} }) {
    const budget = budgetOf(share, Math.round((share ?? 1) * pairs.fitting));
    const answers = byContender(results, ({ found, right }) => ({ found, right }));
    return translationRecord(answers, {
      ...told,
      task: describeSentences(basename(path), { ...pairs, classes: null }),
      settings: { ...told.settings, ...filled(beamOptions, typed), ...budget },
      groups: pairs.test.map(({ source }) => source),
    });
  },
});
