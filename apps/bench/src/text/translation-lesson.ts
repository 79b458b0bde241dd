/**
 * The lesson in pairs of a text and its translation.
 */
import { basename } from "node:path";
import { counted, createRandom, describeFoundData, grouped, skipping, UsageError } from "@autodidact/core";
import { filled, real, whole } from "@autodidact/core/cards";
import {
  bleu,
  byContender,
  chrf,
  circumstancesOf,
  describeSentences,
  describeSubject,
  type ResultRecord,
  tokens13a,
  translationRecord,
} from "@autodidact/evaluate";
import {
  type FineTunedTranslation,
  fineTuneTranslation,
  isCausalModel,
  loadTextEncoder,
  openTranslations,
  type PairReading,
} from "@autodidact/text";
import { tableReadingOf } from "@autodidact/text/cards";
import type { Session } from "../engine-options.js";
import { budgetOf, type Lesson, settingsOf, type Taught, teaching } from "../fine-tuning.js";
import { inFlags, toldInFlags } from "../option-words.js";
import { columnReading } from "./token-lesson.js";

/** The words of the longest runs that BLEU counts. */
const RUN = 4;

/** As fine-tuning does it, and as its records say. */
const usual = { epochs: 4, batchSize: 16, learningRate: "by width" } as const;

const beamOptions = {
  beams: whole(4, "of translation: translations that are followed at once; 1 takes the likeliest token always", {
    to: 100,
  }),
  lengthPenalty: real(1, "of translation: log p / length^penalty is its score, above 0 longer ones are preferred"),
};

export const translationLesson: Lesson = {
  summary:
    "pairs of texts (.tsv of two columns, source and target; .csv, .jsonl, .parquet, or a folder with train.tsv and test.tsv)",
  hasClasses: false,
  hasShares: true,
  options: { ...columnReading, ...beamOptions },
  teach,
};

async function teach(taught: Taught, session: Session): Promise<ResultRecord> {
  const { folder, data: path, validation, seeds, labelShare: share, typed = {} } = taught;
  const { line, engine } = session;
  const { beams, lengthPenalty } = filled(beamOptions, typed);
  const circumstances = circumstancesOf(engine);
  const onCorrupt = skipping((text) => line.print(inFlags(text)));
  const data = await toldInFlags(openTranslations(path, { ...tableReadingOf(typed), test: validation, onCorrupt }));
  onCorrupt.conclude("pairs");
  for (const text of describeFoundData(data.found, "pairs")) line.print(text);
  if (data.test.every(({ target }) => tokens13a(target).length < RUN))
    line.print(
      `no target of the test part has ${RUN} words, and BLEU counts runs of so many: it is 0 whatever is written. chrF tells`,
    );
  const loaded = await loadTextEncoder(folder);
  if (!isCausalModel(loaded.model)) {
    throw new UsageError(
      `${folder} does not write next tokens, so it cannot translate. Take a run of next-token, or a GPT-2.`,
    );
  }
  const asked = counted(data.test.length, "sentences");
  let fitting = data.train.length;
  const onReading = (reading: PairReading) => {
    fitting -= reading.tooLong.length;
    for (const text of describeReading(reading)) line.print(text);
  };
  const told = { ...teaching(taught, session, asked), share, beams, lengthPenalty, onReading };
  const results: FineTunedTranslation[] = [];
  for await (const result of fineTuneTranslation(folder, data, told)) {
    results.push(result);
    const [words, characters] = [bleu, chrf].map((metric) => (100 * metric.overall(result)).toFixed(1));
    line.print(`${result.contender}, seed ${result.seed}: BLEU ${words}, chrF ${characters} of ${asked}`);
  }
  return translationRecord(
    byContender(results, ({ found, right }) => ({ found, right })),
    {
      task: describeSentences(basename(path), { ...data, classes: null }),
      subject: describeSubject(loaded, loaded.model.config, folder),
      settings: {
        ...settingsOf(taught, usual),
        beams,
        lengthPenalty,
        ...budgetOf(share, Math.round((share ?? 1) * fitting)),
      },
      seeds,
      random: createRandom(0),
      groups: data.test.map(({ source }) => source),
      ...circumstances(),
    },
  );
}

function describeReading({ separator, end, added, length, tooLong, unread, maxTokens }: PairReading): string[] {
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
