/**
 * Records of what the product measures: probes, perplexity, fine-tuning, questions on texts, transcripts, translations, labels of tokens.
 */
import type { Random } from "@autodidact/core";
import { accuracy, type ClassAnswer, type ClassLabels } from "../classes/accuracy.js";
import { classMetrics } from "../classes/class-metrics.js";
import { macroF1 } from "../classes/macro-f1.js";
import { ap, ap50 } from "../dense/average-precision.js";
import type { BoxAnswer } from "../dense/box-answer.js";
import type { DenseAnswer } from "../dense/mean-iou.js";
import { type SegmentationLabels, segmentationMetrics } from "../dense/segmentation-metrics.js";
import { type EntityAnswer, type EntityLabels, entityMetrics } from "../entities/entity-f1.js";
import { judge } from "../judge.js";
import type { Comparison } from "../measure.js";
import type { Metrics } from "../metric.js";
import type { Chosen, Protocol } from "../protocol.js";
import { cer, ser, type TranscriptAnswer, wer } from "../sequences/error-rate.js";
import { exactMatch, f1, type SpanAnswer } from "../spans/squad.js";
import {
  bitsPerByte,
  nats,
  pairsRight,
  type RelationAnswer,
  type TokenAnswer,
  tokensRight,
} from "../tokens/token-metrics.js";
import { bleu } from "../translations/bleu.js";
import { chrf } from "../translations/chrf.js";
import type { TranslationAnswer } from "../translations/translation-answer.js";
import { resultRecord } from "./record.js";
import type { ResultBody, ResultRecord, Scores } from "./schema.js";

/** Who was measured on what, where, and at what cost. */
export type Circumstances = Pick<ResultBody, "task" | "subject" | "cost" | "labelFree" | "environment" | "createdAt">;

export interface ProbeResult extends Circumstances {
  /** null, or nothing: all of them. */
  readonly labelsPerClass?: number | null | undefined;
}

/** What `compare` found by a protocol. */
export function probeRecord(
  { name, version, kind, settings }: Pick<Protocol<never, Chosen>, "name" | "version" | "kind" | "settings">,
  { encoder, ...baselines }: Comparison,
  { labelsPerClass = null, ...circumstances }: ProbeResult,
): ResultRecord {
  const protocol = { name, version, settings: plainJson(settings), labelsPerClass };
  return resultRecord({ ...circumstances, kind, protocol, scores: encoder, baselines });
}

/** What a model predicted of held-out text. */
export interface Predicted {
  readonly tokens: TokenAnswer;
  /** The answers of models that learned from pairs of sentences. */
  readonly pairs?: RelationAnswer | undefined;
}

export interface PerplexityResult extends Circumstances {
  /** How the tokens were predicted: examples, masks, limits. */
  readonly settings: object;
  /** The seed of the masks and of the bootstrap. */
  readonly seed: number;
  readonly random: Random;
  /** UTF-8 bytes of the text a token, where every token was predicted from those before it: gives bits a byte. */
  readonly bytesPerToken?: number | undefined;
  /** Groups of sequences that hang together: a document's. */
  readonly groups?: ArrayLike<number | string> | undefined;
}

/** Nats a token, and what follows from the same predictions. Token frequencies are the raw features of text. */
export function perplexityRecord(
  { model, randomInit, unigram }: { model: Predicted; randomInit: Predicted | null; unigram: Predicted | null },
  { settings, seed, random, bytesPerToken, groups, ...circumstances }: PerplexityResult,
): ResultRecord {
  const metrics: Metrics<TokenAnswer> =
    bytesPerToken === undefined ? [nats, tokensRight] : [nats, bitsPerByte(bytesPerToken), tokensRight];
  const scoresOf = ({ tokens, pairs }: Predicted): Scores => {
    const isGrouped = groups !== undefined && tokens.nats.length === groups.length; // totals alone have no groups
    const options = { random, seeds: [seed], groups: isGrouped ? groups : undefined };
    const scores = judge(metrics, { given: undefined, answers: [tokens] }, options);
    if (pairs === undefined) return scores;
    return [...scores, ...judge([pairsRight], { given: pairs, answers: [pairs] }, { random, seeds: [seed] })];
  };
  return resultRecord({
    ...circumstances,
    kind: "tokens",
    protocol: { name: "perplexity", version: 1, settings: plainJson(settings), labelsPerClass: null },
    scores: scoresOf(model),
    baselines: {
      rawFeatures: unigram === null ? null : scoresOf(unigram),
      randomInit: randomInit === null ? null : scoresOf(randomInit),
      fromScratch: null,
    },
  });
}

/** Answers of models that labels have moved, one a seed. */
export interface FineTuned<Answer> {
  readonly pretrained: readonly Answer[];
  /** null where it was not measured. */
  readonly fromScratch: readonly Answer[] | null;
}

export interface FineTuningResult extends Circumstances {
  /** The settings of learning: epochs, batch size, learning rate. */
  readonly settings: object;
  /** The seeds of fine-tuning, in the order of the answers. */
  readonly seeds: readonly number[];
  /** The chance of the bootstrap. */
  readonly random: Random;
  /** Groups of test examples that hang together. */
  readonly groups?: ArrayLike<number | string> | undefined;
}

/** Classes, from a fine-tuned model. */
export function fineTuningRecord(
  answers: FineTuned<ClassAnswer>,
  labels: ClassLabels,
  { labelsPerClass = null, ...result }: FineTuningResult & Pick<ProbeResult, "labelsPerClass">,
): ResultRecord {
  return fineTunedRecord(answers, { ...result, labelsPerClass, kind: "classes", metrics: classMetrics, given: labels });
}

/** Passages that answer questions, from a fine-tuned model. */
export function questionAnsweringRecord(answers: FineTuned<SpanAnswer>, result: FineTuningResult): ResultRecord {
  const spans = { kind: "spans", metrics: [f1, exactMatch], given: undefined, labelsPerClass: null } as const;
  return fineTunedRecord<SpanAnswer, unknown>(answers, { ...result, ...spans });
}

/** Transcripts, from a fine-tuned model; the share of labels that it learned from stands in the settings. */
export function transcriptionRecord(answers: FineTuned<TranscriptAnswer>, result: FineTuningResult): ResultRecord {
  const transcripts = { kind: "sequences", metrics: [wer, cer, ser], given: undefined, labelsPerClass: null } as const;
  return fineTunedRecord<TranscriptAnswer, unknown>(answers, { ...result, ...transcripts });
}

/** Translations, from a fine-tuned model. */
export function translationRecord(answers: FineTuned<TranslationAnswer>, result: FineTuningResult): ResultRecord {
  const translations = { kind: "sequences", metrics: [bleu, chrf], given: undefined, labelsPerClass: null } as const;
  return fineTunedRecord<TranslationAnswer, unknown>(answers, { ...result, ...translations });
}

/** Labels of tokens that tell entities, from a fine-tuned model. */
export function entityRecord(
  answers: FineTuned<EntityAnswer>,
  labels: EntityLabels,
  result: FineTuningResult,
): ResultRecord {
  const kind = { kind: "labels", metrics: entityMetrics, given: labels, labelsPerClass: null } as const;
  return fineTunedRecord(answers, { ...result, ...kind });
}

/** Labels that each token has for itself, from a fine-tuned model; `groups` are the sentences, whose tokens hang together. */
export function tokenLabelsRecord(
  answers: FineTuned<ClassAnswer>,
  labels: ClassLabels,
  result: FineTuningResult & Required<Pick<FineTuningResult, "groups">>,
): ResultRecord {
  const kind = { kind: "labels", metrics: [accuracy, macroF1], given: labels, labelsPerClass: null } as const;
  return fineTunedRecord<ClassAnswer, ClassLabels>(answers, { ...result, ...kind });
}

/** Masks, from a fine-tuned model. */
export function segmentationRecord(
  answers: FineTuned<DenseAnswer>,
  labels: SegmentationLabels,
  result: FineTuningResult,
): ResultRecord {
  const kind = { kind: "dense", metrics: segmentationMetrics, given: labels, labelsPerClass: null } as const;
  return fineTunedRecord(answers, { ...result, ...kind });
}

/** Boxes, from a fine-tuned model. */
export function detectionRecord(answers: FineTuned<BoxAnswer>, result: FineTuningResult): ResultRecord {
  const boxes = { kind: "boxes", metrics: [ap, ap50], given: undefined, labelsPerClass: null } as const;
  return fineTunedRecord<BoxAnswer, unknown>(answers, { ...result, ...boxes });
}

interface FineTunedKind<Answer, Given> extends FineTuningResult {
  readonly kind: ResultBody["kind"];
  readonly metrics: Metrics<Answer, Given>;
  readonly given: Given;
  readonly labelsPerClass: number | null;
}

function fineTunedRecord<Answer extends Chosen, Given>(
  { pretrained, fromScratch }: FineTuned<Answer>,
  result: FineTunedKind<Answer, Given>,
): ResultRecord {
  const { kind, metrics, given, labelsPerClass, settings, seeds, random, groups, ...circumstances } = result;
  const scoresOf = (answers: readonly Answer[]) => judge(metrics, { given, answers }, { random, seeds, groups });
  return resultRecord({
    ...circumstances,
    kind,
    protocol: { name: "finetune", version: 1, settings: plainJson(settings), labelsPerClass },
    scores: scoresOf(pretrained),
    baselines: {
      rawFeatures: null,
      randomInit: null,
      fromScratch: fromScratch === null ? null : scoresOf(fromScratch),
    },
  });
}

/** The value as JSON holds it: without what is undefined. */
function plainJson(value: object): ResultBody["protocol"]["settings"] {
  return JSON.parse(JSON.stringify(value)) as ResultBody["protocol"]["settings"];
}
