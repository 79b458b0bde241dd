/**
 * Labels of tokens taught by labels: what was answered, as whole entities or token by token.
 */
import { accuracy } from "../classes/accuracy.js";
import { entityF1, entityTypes } from "../entities/entity-f1.js";
import { entityRecord, type FineTuningResult, tokenLabelsRecord } from "../record/results.js";
import type { ResultRecord } from "../record/schema.js";
import { byContender, type TaughtContender } from "./by-contender.js";

export interface LabelledTokens {
  /** A label for each token. */
  readonly labels: readonly string[];
  readonly id: string;
  /** Sentences of one document hang together. */
  readonly document?: string | undefined;
}

export interface TokenLabels {
  readonly judged: "entities" | "tokens";
  /** All labels that there are. */
  readonly labels: readonly string[];
  readonly train: readonly LabelledTokens[];
  readonly test: readonly LabelledTokens[];
}

/** A label for each token of each test example. */
interface Labelled {
  readonly labels: readonly (readonly string[])[];
}

const truthOf = (examples: readonly LabelledTokens[]) => examples.map(({ labels }) => labels);

/** The types of entities, or the labels. */
export const tokenClasses = ({ judged, labels, train, test }: TokenLabels): readonly string[] =>
  judged === "entities" ? entityTypes(truthOf([...train, ...test])) : labels;

/** F1 of whole entities, or the share of tokens that are right, in words. */
export function describeTokenAnswer({ labels }: Labelled, data: TokenLabels): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const truth = truthOf(data.test);
  if (data.judged === "entities") return `F1 ${percent(entityF1.overall({ labels, truth }))}`;
  return percent(accuracy.overall({ labels: numbersOf(labels, data), truth: numbersOf(truth, data) }));
}

/** Documents, else sentences, are the groups that the bootstrap draws. */
export function tokenLessonRecord(
  results: readonly (Pick<TaughtContender, "contender"> & Labelled)[],
  data: TokenLabels,
  result: FineTuningResult,
): ResultRecord {
  const { judged, train, test } = data;
  const groupOf = ({ document, id }: LabelledTokens) => document ?? id;
  const truth = truthOf(test);
  if (judged === "entities") {
    const answers = byContender(results, ({ labels }) => ({ labels, truth }));
    const known = { types: tokenClasses(data), train: truthOf(train) };
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
  const groups = test.flatMap((example) => example.labels.map(() => groupOf(example)));
  return tokenLabelsRecord(answers, known, { ...result, groups });
}

/** The labels of all tokens, example after example, as places among the labels. */
function numbersOf(examples: readonly (readonly string[])[], { labels }: TokenLabels): Int32Array {
  const placeOf = new Map(labels.map((label, place) => [label, place]));
  return Int32Array.from(examples.flat(), (label) => placeOf.get(label)!);
}
