/**
 * What a pilot shows, as it is kept between two processes.
 */
import { z } from "zod";

export const labelFreeSchema = z.strictObject({
  /** RankMe, from 1 to the number of features; 0 where all features are zero. */
  rankMe: z.number(),
  /** RankMe over its greatest value here, the smaller of features and rows. */
  rankShare: z.number(),
  /** α of α-ReQ: eigenvalue i of the covariance falls as i^−α. Representations that generalise have one near 1. Null of fewer than three eigenvalues. */
  alpha: z.number().nullable(),
});
export type LabelFreeMeasures = z.infer<typeof labelFreeSchema>;

/** One text a seed, a digit an example: `1` where it was answered rightly. */
export const probeAnswersSchema = z.array(z.string().regex(/^[01]+$/)).min(1);
export type ProbeAnswers = readonly string[];

const shown = {
  /** One a draw of examples. */
  measures: z.array(labelFreeSchema).min(1),
  /** Null where there are no labels. */
  probe: probeAnswersSchema.nullable(),
};

/** What a pilot has shown at the end of a rung. */
export const pilotEvidenceSchema = z.strictObject({
  /** Updates since it began. */
  steps: z.int().nonnegative(),
  /** Updates of its whole schedule. */
  stepsInAll: z.int().positive(),
  /** Seconds of training since it began. */
  trainedSeconds: z.number().nonnegative(),
  featureSize: z.int().positive(),
  ...shown,
  /** The same encoder before it learned anything. */
  randomInit: z.strictObject(shown).optional(),
});
export type PilotEvidence = z.infer<typeof pilotEvidenceSchema>;
