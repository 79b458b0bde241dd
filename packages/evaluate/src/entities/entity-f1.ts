/**
 * Answers that are a label for each token, judged by whole entities: one is right where its type and both its ends are.
 *
 * As conlleval.pl and seqeval's `precision_score`, `recall_score` and `f1_score` where nothing is told: over all sentences and types. What
 * would be divided by nothing is 0.
 */
import type { ClassScore } from "../classes/macro-f1.js";
import type { Metric, Metrics } from "../metric.js";
import type { Chosen } from "../protocol.js";
import { entitiesIn } from "./entities-in.js";

export interface EntityAnswer extends Chosen {
  /** A label for each token of each sentence: `O`, `B-PER`, `I-PER`. */
  readonly labels: readonly (readonly string[])[];
  readonly truth: readonly (readonly string[])[];
}

export interface EntityLabels {
  /** The types of entities, in the task's order. */
  readonly types: readonly string[];
  /** What was learned from. */
  readonly train: readonly (readonly string[])[];
}

/** Entities that are there, that were answered, and that are both. */
interface EntityCounts {
  readonly there: number;
  readonly answered: number;
  readonly right: number;
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const f1Of = ({ there, answered, right }: EntityCounts) => ratio(2 * right, there + answered);
const precisionOf = ({ answered, right }: EntityCounts) => ratio(right, answered);
const recallOf = ({ there, right }: EntityCounts) => ratio(right, there);

export const entityF1: Metric<EntityAnswer, EntityLabels> = {
  ...entityMetric("f1", f1Of),
  perClass(answers, { types, train }) {
    const learned = byType(train, train);
    const seeds = answers.map(({ labels, truth }) => byType(labels, truth));
    const overSeeds = (type: string, of: (counts: EntityCounts) => number) =>
      seeds.reduce((sum, counts) => sum + of(counts.get(type) ?? NONE) / seeds.length, 0);
    return types.map(
      (type): ClassScore => ({
        learnedFrom: learned.get(type)?.there ?? 0,
        examples: seeds[0]!.get(type)?.there ?? 0,
        precision: overSeeds(type, precisionOf),
        recall: overSeeds(type, recallOf),
        f1: overSeeds(type, f1Of),
      }),
    );
  },
};

export const entityPrecision = entityMetric("precision", precisionOf);
export const entityRecall = entityMetric("recall", recallOf);

export const entityMetrics: Metrics<EntityAnswer, EntityLabels> = [entityF1, entityPrecision, entityRecall];

/** All types of entities that the labels tell, by name. */
export function entityTypes(sentences: Iterable<readonly string[]>): string[] {
  const types = new Set<string>();
  for (const labels of sentences) for (const { type } of entitiesIn(labels)) types.add(type);
  return [...types].sort();
}

/** A sentence without entities, none answered, has nothing wrong: its own value is 1. */
function entityMetric(name: string, score: (counts: EntityCounts) => number): Metric<EntityAnswer, EntityLabels> {
  const isEmpty = ({ there, answered }: EntityCounts) => there + answered === 0;
  return {
    name,
    better: "higher",
    unit: "share",
    perExample: (answer) => Float64Array.from(countsOf(answer), (counts) => (isEmpty(counts) ? 1 : score(counts))),
    overall: (answer) => score(summed(countsOf(answer))),
    resampled(answer) {
      const sentences = countsOf(answer);
      return (times) => {
        const counts = summed(sentences, times);
        return isEmpty(counts) ? Number.NaN : score(counts);
      };
    },
    chance: () => null,
  };
}

const NONE: EntityCounts = { there: 0, answered: 0, right: 0 };

function countsOf({ labels, truth }: EntityAnswer): EntityCounts[] {
  assertSameTokens(labels, truth);
  return truth.map((own, sentence) => {
    const counts = [...byType([labels[sentence]!], [own]).values()];
    return summed(counts);
  });
}

/** Sentence i stands times[i] times, once unless told. */
function summed(all: readonly EntityCounts[], times?: ArrayLike<number>): EntityCounts {
  let [there, answered, right] = [0, 0, 0];
  for (const [sentence, counts] of all.entries()) {
    const often = times === undefined ? 1 : times[sentence]!;
    there += often * counts.there;
    answered += often * counts.answered;
    right += often * counts.right;
  }
  return { there, answered, right };
}

function byType(labels: EntityAnswer["labels"], truth: EntityAnswer["truth"]): Map<string, EntityCounts> {
  const counts = new Map<string, EntityCounts>();
  const add = (type: string, what: keyof EntityCounts) => {
    const before = counts.get(type) ?? NONE;
    counts.set(type, { ...before, [what]: before[what] + 1 });
  };
  for (const [sentence, own] of truth.entries()) {
    const there = entitiesIn(own);
    const known = new Set(there.map(placeOf));
    for (const { type } of there) add(type, "there");
    for (const entity of entitiesIn(labels[sentence]!)) {
      add(entity.type, "answered");
      if (known.has(placeOf(entity))) add(entity.type, "right");
    }
  }
  return counts;
}

const placeOf = ({ type, first, last }: { type: string; first: number; last: number }) => `${first} ${last} ${type}`;

function assertSameTokens(labels: EntityAnswer["labels"], truth: EntityAnswer["truth"]): void {
  const at = truth.findIndex((own, sentence) => own.length !== labels[sentence]?.length);
  if (at === -1 && labels.length === truth.length) return;
  const got =
    at === -1
      ? `${labels.length} sentences for ${truth.length}`
      : `${labels[at]?.length ?? "no"} labels for the ${truth[at]!.length} tokens of sentence ${at}`;
  throw new RangeError(`entityF1: every token needs a label, got ${got}. Answer all sentences, in their order.`);
}
