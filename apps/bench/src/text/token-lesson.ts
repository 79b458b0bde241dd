/**
 * The lesson in labels of words and residues: entities, parts of speech, structures.
 */
import { basename } from "node:path";
import { counted, createRandom, describeFoundData, grouped, skipping } from "@autodidact/core";
import { choice } from "@autodidact/core/cards";
import {
  accuracy,
  byContender,
  circumstancesOf,
  describeSentences,
  describeSubject,
  entityF1,
  entityRecord,
  entityTypes,
  type FineTuningResult,
  type ResultRecord,
  tokenLabelsRecord,
} from "@autodidact/evaluate";
import {
  drawnShare,
  type FineTunedTokens,
  fineTuneTokens,
  type LabelledSentence,
  type LabelledSentences,
  loadTextEncoder,
  openLabelledSentences,
  type SentenceReading,
} from "@autodidact/text";
import { tableReading, tableReadingOf } from "@autodidact/text/cards";
import type { Session } from "../engine-options.js";
import { budgetOf, type Lesson, settingsOf, type Taught, teaching } from "../fine-tuning.js";
import { inFlags, toldInFlags } from "../option-words.js";

/** As fine-tuning does it, and as its records say. */
const usual = { epochs: 4, batchSize: 16, learningRate: "by width" } as const;

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

export const tokenLesson: Lesson = {
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
  teach,
};

async function teach(taught: Taught, session: Session): Promise<ResultRecord> {
  const { folder, data: path, validation, seeds, labelShare: share, typed = {} } = taught;
  const { line, engine } = session;
  const circumstances = circumstancesOf(engine);
  const onCorrupt = skipping((text) => line.print(inFlags(text)));
  const judged = typed.judged as LabelledSentences["judged"] | undefined;
  const reading = { ...tableReadingOf(typed), test: validation, judged, onCorrupt };
  const data = await toldInFlags(openLabelledSentences(path, reading));
  onCorrupt.conclude("sentences");
  for (const text of describeFoundData(data.found, "sentences")) line.print(text);
  const loaded = await loadTextEncoder(folder);
  const asked = counted(data.test.length, "sentences");
  const results: FineTunedTokens[] = [];
  const told = {
    ...teaching(taught, session, asked),
    share,
    onReading: (how: SentenceReading) => describeReading(how).map(line.print),
  };
  for await (const result of fineTuneTokens(folder, data, told)) {
    results.push(result);
    line.print(`${result.contender}, seed ${result.seed}: ${describeAnswer(result, data)} of ${asked}`);
  }
  const seen = drawnShare(data.train.length, { share }, 0).map((row) => data.train[row]!); // as many of any seed
  return recordOf(
    results,
    { ...data, train: seen },
    {
      task: describeSentences(basename(path), { ...data, classes: classesOf(data) }),
      subject: describeSubject(loaded, loaded.model.config, folder),
      settings: { ...settingsOf(taught, usual), judged: data.judged, ...budgetOf(share, seen.length) },
      seeds,
      random: createRandom(0),
      ...circumstances(),
    },
  );
}

function describeReading({ length, parted, cutWords, isTornApart }: SentenceReading): string[] {
  const room = length - 2;
  const told: string[] = [];
  if (parted > 0)
    told.push(
      `${grouped(parted)} training sentences are longer than the ${room} pieces that the model reads at once: they are read in parts that overlap`,
    );
  if (cutWords > 0) told.push(`${grouped(cutWords)} words have more than ${room} pieces: the first ${room} are read`);
  if (isTornApart)
    told.push(
      "the tokenizer joins residues, and labels are one a residue: each is read alone, which the run never saw. A run with --kmer 1 fits better",
    );
  return told;
}

const truthOf = (sentences: readonly LabelledSentence[]) => sentences.map(({ labels }) => labels);

/** The types of entities, or the labels. */
const classesOf = ({ judged, labels, train, test }: LabelledSentences) =>
  judged === "entities" ? entityTypes(truthOf([...train, ...test])) : labels;

function describeAnswer({ labels }: FineTunedTokens, data: LabelledSentences): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  if (data.judged === "entities") return `F1 ${percent(entityF1.overall({ labels, truth: truthOf(data.test) }))}`;
  return `${percent(accuracy.overall({ labels: numbersOf(labels, data), truth: numbersOf(truthOf(data.test), data) }))}`;
}

function recordOf(
  results: readonly FineTunedTokens[],
  data: LabelledSentences,
  result: FineTuningResult,
): ResultRecord {
  const { judged, train, test } = data;
  const groupOf = ({ document, id }: LabelledSentence) => document ?? id;
  const truth = truthOf(test);
  if (judged === "entities") {
    const answers = byContender(results, ({ labels }) => ({ labels, truth }));
    const known = { types: classesOf(data), train: truthOf(train) };
    return entityRecord(answers, known, { ...result, groups: test.map(groupOf) });
  }
  const answers = byContender(results, ({ labels }) => ({
    labels: numbersOf(labels, data),
    truth: numbersOf(truth, data),
  }));
  const known = {
    train: { labels: numbersOf(truthOf(train), data), classes: data.labels.length },
    test: { labels: numbersOf(truth, data) },
  };
  const groups = test.flatMap((sentence) => sentence.words.map(() => groupOf(sentence)));
  return tokenLabelsRecord(answers, known, { ...result, groups });
}

/** The labels of all tokens, sentence after sentence, as places among the labels. */
function numbersOf(sentences: readonly (readonly string[])[], { labels }: LabelledSentences): Int32Array {
  const placeOf = new Map(labels.map((label, place) => [label, place]));
  return Int32Array.from(sentences.flat(), (label) => placeOf.get(label)!);
}
